"""How far a change reaches: requests of the table in docs/architecture.md, made in a scratch copy with the files that it
names and no other.
"""

import datetime as dt
import filecmp
import json
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image

from communities import places
from communities.queries import township_name, townships_of
from miaoli_kaohsiung.accounts import counties, filed_counties
from miaoli_kaohsiung.files import gate, processes

BASE: Path = settings.BASE_DIR
LAWS = "grants/rules"
JUDGE = """
import json, sys
from grants.rules import catalogue, engine, facts, ruleset
law, case = json.loads(sys.argv[1])
found = engine.evaluate(facts.from_dict(case), ruleset.load(law))
names = [item.name for _title, items in catalogue.items_for(case["project"]["programme"]) for item in items]
print(json.dumps({"found": [[f.clause, f.severity, f.allowed] for f in found.findings], "items": names}))
"""


class Scratch:
    """A copy of the law and of what it stands on, run by a Python that has nothing but the standard library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for room in (LAWS, "miaoli_kaohsiung/lib"):
            shutil.copytree(BASE / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, name: str, text: str, before: str = "") -> None:
        """Put the text before a line of the file, or at its end; a file that is not there is made."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        assert before in old
        place = old.index(before) if before else len(old)
        path.write_text(old[:place] + dedent(text) + old[place:], encoding="utf-8")

    def changed(self) -> set[str]:
        """The files of the law that are new or other than in the portal."""
        names = {
            str(path.relative_to(self.folder)) for path in self.folder.rglob("*.*") if "__pycache__" not in path.parts
        }
        return {
            name
            for name in names
            if not (BASE / name).exists() or not filecmp.cmp(self.folder / name, BASE / name, shallow=False)
        }

    def judge(self, law: str, case: dict[str, Any]) -> dict[str, Any]:
        code = f"import sys; sys.path.insert(0, {str(self.folder)!r}); {JUDGE}"
        command = [sys.executable, "-I", "-S", "-c", code, json.dumps([law, case])]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def scratch(tmp_path):
    return Scratch(tmp_path)


def a_case(programme: str, **line: Any) -> dict[str, Any]:
    return {
        "submitted_on": "2010-06-01",
        "organisation": {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"},
        "project": {"programme": programme, "starts_on": "2010-07-01", "ends_on": "2010-07-31"},
        "lines": [{"id": "a", **line}],
    }


def test_a_new_item_with_its_rate_is_four_files(scratch):
    law = f"{LAWS}/kaohsiung_88"
    scratch.add(f"{law}/items.py", """\
        Item("tour_guide", "導覽解說費", "pay", "K4.1.9", "帶人認識社區的解說員。",
             needed="hours", pay=True, person=True, cost=("hours",)),
        """, before='Item("printing"')  # fmt: skip
    scratch.add(f"{law}/law.toml", """
        [parameter."tour_guide.hourly"]
        title = "導覽解說費每小時"
        clause = "K4.1.9"
        unit = "元"
        direction = "max"
        values = [{ from = 2010-01-08, value = 500 }]
        """)  # fmt: skip
    scratch.add(f"{law}/clauses_4.toml", """
        [[clause]]
        id = "K4.1.9"
        label = "肆、一、9"
        phrase = "導覽解說費，每小時500元"
        kind = "cap"
        enforcement = ["E"]
        explanation = "一小時最多五百元。"
        does = "超過就不能送出。"
        """)  # fmt: skip
    scratch.add(f"{law}/chapter_4_costs.py", """

        @line_rule("K4.1.9", items="tour_guide")
        def tour_guide(ctx: Context, line: Line) -> Found:
            return rate(ctx, ("K4.1.9",), line, "tour_guide.hourly", ("hours",), "導覽解說費每小時最高 {} 元", ("小時",))
        """)  # fmt: skip

    seen = scratch.judge("kaohsiung_88", a_case("community_activities", item="tour_guide", hours=2, requested=1001))

    assert ["K4.1.9", "error", 1000] in seen["found"]
    assert "導覽解說費" in seen["items"]
    assert len(scratch.changed()) == 4


TAITUNG = {
    "law.toml": """\
        [law]
        slug = "taitung"
        title = "臺東縣社區關懷補助要點"
        document = "臺東縣社區關懷補助要點"
        confirmed_on = 2010-01-01
        closed_clause = "T3"

        [law.cites]
        settlement_due = "T5"

        [parameter."subsidy.case_cap"]
        title = "每案補助上限"
        clause = "T3"
        unit = "元"
        direction = "max"
        values = [{ from = 2010-01-01, value = 50_000 }]
        """,
    "clauses.toml": """\
        [[clause]]
        id = "T3"
        label = "三"
        phrase = "每案最高補助五萬元"
        kind = "cap"
        enforcement = ["E"]
        explanation = "一件最多五萬元。"
        does = "超過就不能送出。"
        """,
    "programmes.py": """\
        PART_TITLES = {"T": "社區關懷"}
        PROGRAMME_ROWS = (("neighbour_care", "社區關懷訪視", "T", "T3", "社區彼此探望。", ()),)
        """,
    "standards.py": """\
        from grants.rules.bounds import Context
        from grants.rules.findings import ERROR, Finding, Found
        from grants.rules.registry import case_rule


        @case_rule("T3")
        def case_cap(ctx: Context) -> Found:
            most = ctx.strict["subsidy.case_cap"]
            return [Finding("T3", ERROR, "超過每案上限。", allowed=most)] if ctx.sums.requested > most else None
        """,
}


def test_the_law_of_a_third_county_is_a_folder(scratch):
    for name, text in TAITUNG.items():
        scratch.add(f"{LAWS}/taitung/{name}", text)

    over = scratch.judge("taitung", a_case("neighbour_care", item="printing", requested=50_001))
    within = scratch.judge("taitung", a_case("neighbour_care", item="printing", requested=50_000))
    elsewhere = scratch.judge("kaohsiung_88", a_case("community_activities", item="printing", requested=50_001))

    assert over["found"] == [["T3", "error", 50_000]]
    assert within["found"] == []
    assert "印刷費" in over["items"]
    assert "T3" not in {clause for clause, _severity, _allowed in elsewhere["found"]}
    assert {str(Path(name).parent) for name in scratch.changed()} == {f"{LAWS}/taitung"}


def test_a_law_written_as_data_is_a_folder_without_python(scratch):
    for path in sorted((BASE / "docs" / "examples" / "taitung_civic").glob("*.toml")):
        scratch.add(f"{LAWS}/taitung_civic/{path.name}", path.read_text(encoding="utf-8"))
    case = a_case("tt_course", item="tt_meals", persons=50, requested=4_001, own_funds=500)
    case["project"]["tt_open_to_all"] = True

    seen = scratch.judge("taitung_civic", case | {"stage": "draft"})

    assert seen["found"] == [["TT6.3", "error", 4_000]]
    assert {"誤餐費", "臨時人員費"} <= set(seen["items"])
    assert {Path(name).suffix for name in scratch.changed()} == {".toml"}


def test_a_portal_may_begin_with_a_third_county():
    more = """
    [[county]]
    slug = "taitung"

    [[county.since]]
    from = 1912-01-01
    name = "臺東縣"
    postal_code = "95001"
    street = "臺東市中山路276號"
    phone = "089-326141"
    signatory = "縣長"
    department = "本府社會處"
    accounting = "本府主計處"
    ministry = "內政部"

    [[county.since]]
    from = 2013-07-23
    ministry = "衛生福利部"
    """
    known = filed_counties.read([settings.FILED_COUNTIES[0].read_text(encoding="utf-8"), more])
    assert list(known) == [*counties.slugs(), "taitung"]
    first, second = known["taitung"]
    assert (first.name, first.ministry) == ("臺東縣", "內政部")
    assert (second.name, second.ministry) == ("臺東縣", "衛生福利部")


@pytest.mark.django_db
def test_a_new_township_is_a_row_that_comes_in_with_the_next_update(tmp_path, monkeypatch):
    file = tmp_path / "townships.csv"
    file.write_text(places.TOWNSHIPS.read_text(encoding="utf-8") + "10014010,taitung,950,臺東市,,\n", encoding="utf-8")
    monkeypatch.setattr(places, "TOWNSHIPS", file)
    call_command("sync_schemes")
    assert [place.code for place in townships_of("taitung")] == ["10014010"]
    assert township_name("10014010", dt.date(2010, 6, 1)) == "臺東市"


AVIF = """    Kind("avif", "AVIF", ".avif", "jpeg", brands=(b"avif",), decoder="AVIF", pixels=30_000_000),
"""


def test_one_more_kind_of_picture_is_one_row(tmp_path):
    shutil.copytree(Path(gate.__file__).parent, tmp_path / "gate")
    table = tmp_path / "gate" / "kinds.py"
    table.write_text(table.read_text().replace("    # Still pictures", f"{AVIF}    # Still pictures", 1))
    photo = BytesIO()
    Image.new("RGB", (60, 40)).save(photo, "AVIF")
    (tmp_path / "photo").write_bytes(photo.getvalue())

    command = processes.command_of(tmp_path, "gate", str(tmp_path / "photo"), str(tmp_path / "kept"), "jpeg")
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert (found["kind"], found["note"]) == ("jpeg", "to_jpeg")
    assert Image.open(tmp_path / "kept").size == (60, 40)

"""What README and docs/ say is there is there: links, pictures, commands, settings, accounts, packages, words of buttons."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from miaoli_kaohsiung.demo.data.places import MEMBERS, STAFF
from miaoli_kaohsiung.demo.data.registry import PASSWORD

ROOT = settings.BASE_DIR
GUIDE = ROOT / "docs" / "guide"
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ALL = "\n".join(page.read_text() for page in PAGES)
LARGEST_PICTURE = 200_000


def targets(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    return [target.partition("#")[0] for target in found if not target.startswith(("http", "#"))]


def rows(text: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first cell of the head is `heading`, as lists of cells."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table[1].splitlines()]


def names(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_where_to_change_something_is_there():
    table = rows((ROOT / "docs" / "architecture.md").read_text(), "change")
    paths = {name for name in names([row[1] for row in table]) if "/" in name and not name.startswith("/")}
    assert len(paths) > 20
    rooms = [ROOT, ROOT / "grants", ROOT / "miaoli_kaohsiung"]
    assert [path for path in sorted(paths) if not any((room / path).exists() for room in rooms)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page):
    assert [target for target in targets(page) if not (page.parent / target).exists()] == []


def test_pictures_are_small_and_each_is_shown():
    pictures = sorted((GUIDE / "pictures").glob("*.png"))
    shown = {(page.parent / target).resolve() for page in PAGES for target in targets(page)}
    assert pictures
    assert [picture.name for picture in pictures if picture.resolve() not in shown] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []


def test_targets_of_make_are_there():
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", ALL, re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named - there == set()


def test_commands_are_there():
    assert set(re.findall(r"manage\.py ([a-z_]+)", ALL)) - set(get_commands()) == set()


def test_own_commands_are_told():
    own = {
        path.stem for path in ROOT.glob("*/**/management/commands/[a-z]*.py") if not {".venv", "var"} & set(path.parts)
    }
    page = (ROOT / "docs" / "operations.md").read_text()
    assert sorted(name for name in own if f"manage.py {name}" not in page) == []


def test_every_variable_of_the_environment_is_told():
    source = "".join(
        (ROOT / "miaoli_kaohsiung" / path).read_text()
        for path in ("settings.py", "lib/telemetry.py", "lib/object_storage.py", "lib/neighbours.py")
    )
    read = re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', source)
    assert sorted(names([row[0] for row in rows(README, "variable")])) == sorted(set(read))


def test_accounts_are_those_of_the_demonstration():
    accounts = names([row[0] for row in rows(README, "sign-in name")])
    assert sorted(accounts) == sorted({*MEMBERS, *(person[0] for person in STAFF)})
    assert f"`{PASSWORD}`" in README


@pytest.mark.parametrize("part", ["", "-trial", "-dev", "-prod", "-npm", "-ocr"])
def test_every_package_has_its_purpose(part):
    chosen = (ROOT / f"requirements{part}.txt").read_text().partition("# ---")[0]
    packages = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", chosen, re.MULTILINE)
    page = (ROOT / "docs" / "dependencies.md").read_text()
    cells = set(re.findall(r"[\w.-]+", " ".join(re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE))))
    assert packages
    assert sorted(set(packages) - cells) == []


def test_numbers_the_law_does_not_give_are_told_as_assumptions():
    proposed = set()
    for file in (ROOT / "grants" / "rules").glob("*/*.toml"):
        parameters = tomllib.loads(file.read_text()).get("parameter", {})
        proposed |= {name for name, parameter in parameters.items() if parameter.get("default")}
    page = (ROOT / "docs" / "decisions.md").read_text()
    assert sorted(names([row[0] for row in rows(page, "parameter")])) == sorted(proposed)


def test_diagrams_are_those_of_the_tables():
    out = io.StringIO()
    call_command("workflow_diagram", stdout=out)
    assert (ROOT / "docs" / "workflow.md").read_text() == out.getvalue()


def test_words_of_the_guides_stand_on_the_screens():
    """What a guide puts into 「」 is the word of a button, a heading or a state."""
    screens = [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("*/locale/**/*.po")]
    for room in ("grants", "communities", "evaluation", "miaoli_kaohsiung"):
        screens += [path for path in (ROOT / room).rglob("*") if path.suffix in {".py", ".toml"}]
    seen = "\n".join(path.read_text() for path in screens)
    quoted = {word for page in GUIDE.glob("*.md") for word in re.findall(r"「([^」]+)」", page.read_text())}
    assert sorted(word for word in quoted if word not in seen) == []


def test_no_path_of_one_machine():
    assert re.findall(r"(?<![\w.])/(?:root|home|tmp|work)/\S*", ALL) == []

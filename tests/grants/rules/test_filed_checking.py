"""The files of a law written as data are looked at as a whole: each mistake at its file, table, key and line."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from grants.rules import laws
from grants.rules.filed import checking, shape
from tests.grants.rules.filing_laws import EXAMPLE, SLUG, example, known, small, versions

MISTAKES = tomllib.loads((Path(__file__).parent / "filed_mistakes.toml").read_text(encoding="utf-8"))["mistake"]


def with_change(file, old, new):
    files = example()
    assert old in files[file]
    return {**files, file: files[file].replace(old, new, 1)}


def said(files):
    return [f"{mistake.place}：{mistake.sentence}" for mistake in checking.check(files)]


def test_the_example_can_be_filed():
    assert checking.check(example()) == []
    assert checking.check(small("")) == []


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: row.get("new", row.get("whole")))
def test_all_that_is_said_of_a_mistake(row):
    files = (
        with_change(row["file"], row["old"], row["new"]) if "old" in row else {**example(), row["file"]: row["whole"]}
    )
    for file, old, new in row.get("also", ()):
        files[file] = files[file].replace(old, new, 1)
    assert said(files) == row["said"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 99-01-01", "日期看不懂"),
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 99/1/1", "日期看不懂"),
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 99年1月1日", "日期看不懂"),
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 2010-02-30", "要寫真的有的一天"),
        ("law.toml", "{ from = 2010-01-01, value = 1_600 }", "{ from = 99.1.1, value = 1_600 }", "日期看不懂"),
        ("law.toml", "value = 1_600", "value = 1,600", "數字裡不要有逗號，例如 1,600 寫 1600"),
        ("law.toml", "value = 1_600", "value = 1600元", "數字後面不要寫單位"),
        ("law.toml", "value = [5, 100]", "value = 5%", "百分比寫成一組數字，例如 5% 寫 [5, 100]"),
        ("law.toml", 'slug = "taitung-civic"', "slug = “taitung-civic”", "有全形的符號"),
        ("law.toml", 'title = "每案補助上限"', 'title ＝ "每案補助上限"', "有全形的符號"),
        ("law.toml", 'title = "每案補助上限"', "title = 每案補助上限", "文字要用引號括起來"),
        ("law.toml", 'title = "每案補助上限"', 'title = "每案補助上限', "引號沒有成對"),
        ("law.toml", 'title = "每案補助上限"', 'title = "每案補助上限"\ntitle = "上限"', "前面已經寫過同一個鍵或標題"),
        ("law.toml", '[parameter."year.most"]', '[parameter."case.most"]', "前面已經寫過同一個鍵或標題"),
        ("rules.toml", '[[cap]]\nkind = "per_head"', '[cap]\nkind = "per_head"', "標題要用兩層方括號，例如 [[cap]]"),
        ("rules.toml", "venue.daily\"\nexclusive = true", "venue.daily\"\nexclusive = True", "要寫小寫的 true 或 false"),
        ("rules.toml", '[[cap]]\nkind = "per_head"', '[[cap]\nkind = "per_head"', "這裡不合 TOML 的寫法"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_toml_is_told_from_what_stands_there(file, old, new, says):
    files = with_change(file, old, new)
    (mistake,) = checking.check(files)
    assert says in mistake.sentence
    written = new.splitlines()
    assert files[file].splitlines()[mistake.line - 1].strip() in {
        *written,
        *(f"values = [{line}]" for line in written),
    } | {f"values = [{{ from = 2010-01-01, {line} }}]" for line in written}


def test_of_a_kind_that_is_none_only_this_is_said():
    (mistake,) = checking.check(with_change("rules.toml", 'kind = "per_head"', 'kind = "每人"'))
    assert mistake.sentence.startswith("要是其中一個：per_unit")


def test_a_number_that_begins_after_the_law_is_named():
    files = with_change("law.toml", "from = 2010-01-01, value = 1_600", "from = 2010-06-02, value = 1_600")
    assert checking.check(files) == []
    (mistake,) = checking.begins_too_late(files, dt.date(2010, 6, 1))
    assert (mistake.place, mistake.sentence) == (
        'law.toml 第 107 行　[parameter."lecturer.hourly"]　values',
        "這部法規從 2010-06-01 起適用，那一天還沒有值；最早的 from 要在那一天或以前",
    )
    assert checking.begins_too_late(files, dt.date(2010, 6, 2)) == []
    assert checking.begins_too_late(small(""), dt.date(2000, 1, 1)) == []
    ruled = files["law.toml"].replace("effective_from", 'requires_parameters = ["lecturer.hourly"]\neffective_from')
    assert checking.begins_too_late({**files, "law.toml": ruled}, dt.date(2010, 6, 1)) == []


def test_the_line_is_that_of_the_key():
    files = with_change("rules.toml", 'parameter = "meals.head"', 'parameter = "meals.heads"')
    (mistake,) = [m for m in checking.check(files) if m.key == "parameter"]
    assert files["rules.toml"].splitlines()[mistake.line - 1] == 'parameter = "meals.heads"'
    assert mistake.place == f"rules.toml 第 {mistake.line} 行　[[cap]] 第 5 個　parameter"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rules.toml": checking.MOST_FILE}, []),
        ({"rules.toml": checking.MOST_FILE + 1}, ["rules.toml：檔案太大，最多 200 KB"]),
        ({"rules.toml": checking.MOST_FILE, "items.toml": checking.MOST_FILE}, []),
        (
            {"rules.toml": checking.MOST_FILE, "items.toml": checking.MOST_FILE, "law.toml": 1},
            ["：全部檔案加起來太大，最多 400 KB"],
        ),
    ],
)
def test_files_have_a_size(changes, expected):
    """What is too large is not read any further."""
    files = dict.fromkeys(shape.FILES, "") | {name: "#" * size for name, size in changes.items()}
    sizes = [words for words in said(files) if "太大" in words]
    assert sizes == expected


def test_a_file_that_is_not_there_is_named():
    files = example()
    del files["rules.toml"]
    assert said(files) == ["rules.toml：缺這個檔案，或檔案是空的"]


def test_no_more_than_some_mistakes_are_said():
    files = {**example(), "rules.toml": "[[cap]]\nkind = 'per_head'\n" * 150}
    assert len(said(files)) == checking.MOST_SHOWN
    files = {**example(), "rules.toml": "[[cap]]\nkind = 'per_head'\n" * 151 + "[[condition]]\nkind = 'a'"}
    first, second = said(files)
    assert first == "rules.toml 第 301 行　[[cap]] 第 151 個：最多 150 個"
    assert second.startswith("rules.toml 第 304 行　[[condition]] 第 1 個　kind：要是其中一個：")


def test_a_broken_line_is_named():
    (mistake,) = checking.check({**example(), "rules.toml": '[[cap]]\nkind = "per_head\nclause = 1'})
    assert (mistake.line, mistake.file) == (2, "rules.toml")


def test_a_new_version_keeps_every_code():
    gone = with_change("items.toml", 'code = "tt_printing"', 'code = "tt_print"')
    gone["programmes.toml"] = (
        gone["programmes.toml"].replace('"tt_printing"', '"tt_print"').replace("tt_open_to_all", "tt_open")
    )
    gone["rules.toml"] = gone["rules.toml"].replace('"tt_printing"', '"tt_print"').replace("tt_open_to_all", "tt_open")
    assert checking.check(gone) == []
    assert [f"{m.place}：{m.sentence}" for m in checking.check(gone, before=example())] == [
        "items.toml：上一版有 tt_printing，舊案件還用得到，不能刪；不再受理的寫 offered = false",
        "programmes.toml：上一版有 tt_open_to_all，舊案件還用得到，不能刪",
    ]
    less = {
        name: text.replace("case.most", "case.top")
        .replace("tt_expected", "tt_guests")
        .replace("tt_registration", "tt_register")
        for name, text in example().items()
    }
    assert [f"{m.place}：{m.sentence}" for m in checking.check(less, before=example())] == [
        "programmes.toml：上一版有 tt_registration，舊案件還用得到，不能刪",
        "programmes.toml：上一版有 tt_expected，舊案件還用得到，不能刪",
        "law.toml：上一版有標準 case.most，縣府的函釋還用得到，不能刪",
    ]
    other = {**example(), "law.toml": example()["law.toml"].replace("taitung_civic", "taitung_other")}
    assert [f"{m.place}：{m.sentence}" for m in checking.check(other, before=example())] == [
        "law.toml 第 5 行　[law]　slug：這是 taitung_civic 的新版本，名字不能改"
    ]


def test_it_is_not_taken_for_another_law():
    with known(example(), SLUG):
        assert checking.check(example()) == []
        other = {name: text.replace("zz", "tt").replace("ZZ", "TT") for name, text in small("").items()}
        assert said(other) == [
            "law.toml 第 4 行　[law]　prefix：tt 已經由 taitung_civic 使用，請換一個",
            "clauses.toml 第 3 行　[[clause]] 第 1 個　id：條文代碼 TT1 已經是另一部法規的，請換一個 prefix",
        ]


@pytest.mark.parametrize("table", ["cap", "condition"])
def test_each_kind_has_an_example_of_its_keys(table):
    for kind in shape.BY_TABLE[table].values():
        assert kind.example.startswith(f'[[{table}]]\nkind = "{kind.name}"')
        needed = [key for key, known_key in shape.keys_of(table, kind.name).items() if known_key.required]
        assert all(f"{key} =" in kind.example for key in needed), kind.name


def test_the_version_of_a_day():
    old, new = (
        versions(example(), SLUG)[0],
        versions({**example(), "rules.toml": "# none"}, SLUG, dt.date(2011, 1, 1))[0],
    )
    laws.file_law(SLUG, (new, old))
    try:
        assert [laws.version_on(SLUG, day) for day in (dt.date(2009, 1, 1), dt.date(2010, 12, 31))] == [old, old]
        assert [laws.version_on(SLUG, day) for day in (dt.date(2011, 1, 1), None)] == [new, new]
        assert SLUG in laws.found()
    finally:
        laws.file_law(SLUG, ())
    assert SLUG not in laws.found()


def test_each_kind_stands_in_the_documents():
    text = (EXAMPLE.parents[1] / "law.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert rows == {kind for table in shape.BY_TABLE.values() for kind in table}

"""The files of a law written as data are looked at as a whole: each mistake at its file, table, key and line."""

import datetime as dt

import pytest

from grants.rules import laws
from grants.rules.filed import checking, shape
from tests.grants.rules.filing_laws import EXAMPLE, SLUG, example, known, small, versions


def with_change(file, old, new):
    files = example()
    assert old in files[file]
    return {**files, file: files[file].replace(old, new, 1)}


def test_the_example_can_be_filed():
    assert checking.check(example()) == []
    assert checking.check(small("")) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "says"),
    [
        ("rules.toml", 'kind = "per_head"', 'kind = "per_nose"', "[[cap]] 第 5 個　kind", "要是其中一個：per_unit"),
        ("rules.toml", 'per = ["hours"]', 'per = ["hours"]\nfor = 3', "[[cap]] 第 1 個　for", "不認得這個鍵；可以寫的是kind"),
        ("rules.toml", 'parameter = "meals.head"', "", "[[cap]] 第 5 個　parameter", "缺這個鍵：標準的名稱"),
        ("rules.toml", '"meals.head"', '"meals.heads"', "[[cap]] 第 5 個　parameter", "law.toml 裡沒有標準 meals.heads"),
        ("rules.toml", '"meals.head"', '"own.share"', "[[cap]] 第 5 個　parameter", "own.share 的種類是 ratio，這裡要 int"),
        ("rules.toml", 'clause = "TT6.3"', 'clause = "TT9"', "[[cap]] 第 5 個　clause", "沒有 TT9；要是這部法規裡的代碼"),
        ("rules.toml", 'clause = "TT6.3"', 'clause = "TT8"', "[[cap]] 第 5 個　clause", "TT8 的 enforcement 要有 E"),
        ("rules.toml", 'items = ["tt_meals"]', 'items = ["tt_venue"]', "[[cap]] 第 5 個　items",
         "tt_venue 的 needed 裡沒有 persons，申請表就不會問"),
        ("rules.toml", 'items = ["tt_helper"]', 'items = ["tt_meals"]', "[[cap]] 第 4 個　items", "要寫 person = true"),
        ("rules.toml", "where = { in_house = false }", 'where = { in_house = "no" }', "[[cap]] 第 1 個　where", "沒有 no 這個選項"),
        ("rules.toml", "where = { in_house = false }", "where = { hours = true }", "[[cap]] 第 1 個　where", "不是可以選的欄位"),
        ("rules.toml", 'per = ["hours"]', 'per = ["in_house"]', "[[cap]] 第 1 個　per", "in_house 不是數字"),
        ("rules.toml", 'per = ["hours"]', 'per = ["hours", "in_house"]\ncount = 2', "[[cap]] 第 1 個　count", "才能寫 count"),
        ("rules.toml", "最高 {limit} 元", "最高 {limit.__class__} {x} 元", "[[cap]] 第 1 個　message", "句子裡不能寫 {x}"),
        ("rules.toml", "answer = true", 'answer = "yes"', "[[condition]] 第 5 個　answer", "沒有 yes 這個回答"),
        ("rules.toml", 'venue.daily"\nexclusive = true', 'venue.daily"\nexclusive = "yes"', "[[cap]] 第 6 個　exclusive", "要寫 true 或 false"),
        ("rules.toml", 'paper = "tt_timetable"', 'paper = "tt_plan"', "[[paper]] 第 1 個　when", "asked 的文件要有"),
        ("rules.toml", '"filing.until"', '"plan.ends"', '[parameter."filing.until"]', "沒有任何上限或條件用到"),
        ("law.toml", 'type = "text"\nvalues = [{ from = 2010-01-01, value = "12-31" }]',
         'type = "text"\nvalues = [{ from = 2010-01-01, value = "02-30" }]', "[[condition]] 第 9 個　parameter", "像 12-31 的月和日"),
        ("law.toml", '["community_association", "civic_group"]', '["club"]', "[[condition]] 第 3 個　parameter", "只能有"),
        ("law.toml", "value = 40_000", "value = 40_000.5", '[parameter."case.most"]　values', "要寫 0 以上的整數"),
        ("law.toml", "value = [5, 100]", "value = [5, 0]", '[parameter."own.share"]　values', "比例要寫成 [5, 100]"),
        ("law.toml", "values = [{ from = 2010-01-01, value = 40_000 }]", "values = []", '[parameter."case.most"]　values', "requires_parameters"),
        ("law.toml", "values = [{ from = 2010-01-01, value = 40_000 }]",
         "values = [{ from = 2011-01-01, value = 1 }, { from = 2010-01-01, value = 2 }]", '[parameter."case.most"]　values', "由早到晚"),
        ("law.toml", 'values = [{ from = 2010-01-01, value = 40_000 }]', 'values = [{ from = "2010", value = 1 }]',
         '[parameter."case.most"]　values', "from 要寫日期"),
        ("law.toml", 'slug = "taitung_civic"', 'slug = "miaoli"', "[law]　slug", "miaoli 是系統原有的法規"),
        ("law.toml", 'slug = "taitung_civic"', 'slug = "Taitung Civic"', "[law]　slug", "代碼用小寫英文字母"),
        ("law.toml", 'prefix = "tt"', 'prefix = "own"', "[law]　prefix", "不能是 own"),
        ("law.toml", 'number_prefix = "TT"', 'number_prefix = "臺東"', "[scheme]　number_prefix", "大寫英文字母"),
        ("law.toml", 'slug = "taitung-civic"', 'slug = "Taitung Civic"', "[scheme]　slug", "小寫英文字母"),
        ("law.toml", 'prefix = "tt"', 'prefix = "ttx"', "[[clause]] 第 1 個　id", "條文代碼要以 TTX 開頭"),
        ("law.toml", "refund =", "gift =", "[law]　cites", "不認得 gift"),
        ("law.toml", "effective_from = 2010-01-01", "effective_from = 2010", "[law]　effective_from", "要寫日期"),
        ("law.toml", "effective_from = 2010-01-01", "author = 1", "[law]　author", "不認得這個鍵"),
        ("law.toml", 'title = "每案補助上限"', 'title = ""', '[parameter."case.most"]　title', "要寫文字"),
        ("law.toml", 'title = "每案補助上限"', 'title = "上\u200b限"', '[parameter."case.most"]　title', "有看不見的字元"),
        ("clauses.toml", 'id = "TT2"', 'id = "TT1"', "[[clause]] 第 2 個　id", "TT1 用了兩次"),
        ("clauses.toml", 'id = "TT2"', 'id = "K2"', "[[clause]] 第 2 個　id", "要以 TT 開頭"),
        ("clauses.toml", 'enforcement = ["I"]\nexplanation', 'enforcement = ["M"]\nexplanation', "[[clause]] 第 1 個　enforcement", "E、W、R、C、I"),
        ("clauses.toml", 'enforcement = ["I"]', 'enforcement = ["W"]', "[[clause]] 第 1 個　page", "I 要有 page，其他不要"),
        ("clauses.toml", 'checklist = "雜支逐項列明用途"\n', "", "[[clause]] 第 14 個　checklist", "R 要有 checklist"),
        ("clauses.toml", 'applies = ["tt_sundries"]', 'applies = ["printing"]', "[[clause]] 第 14 個　applies", "沒有 printing"),
        ("items.toml", 'code = "tt_meals"', 'code = "meals"', "[[item]] 第 3 個　code", "代碼要以 tt_ 開頭，例如 tt_meals"),
        ("items.toml", 'group = "tt_people"', 'group = "tt_none"', "[[item]] 第 1 個　group", "沒有 tt_none"),
        ("items.toml", 'needed = ["persons"]', 'needed = ["noses"]', "[[item]] 第 3 個　needed", "沒有數量欄位 noses；可以用的有"),
        ("items.toml", "example = { days = 2 }", "example = { days = -2 }", "[[item]] 第 4 個　example", "0 以上的整數"),
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 2010-01-01\ncloses_on = 2009-12-31", "[scheme]　closes_on",
         "受理迄日不能早於受理起日"),
        ("law.toml", "opens_on = 2010-01-01", "opens_on = 0099-01-01", "[scheme]　opens_on", "年份要寫西元"),
        ("law.toml", "values = [{ from = 2010-01-01, value = 40_000 }]", "values = [{ from = 0099-01-01, value = 1 }]",
         '[parameter."case.most"]　values', "from 年份要寫西元"),
        ("rules.toml", 'kind = "per_head"\n', "", "[[cap]] 第 5 個　kind", "缺這個鍵：種類"),
        ("programmes.toml", 'type = "bool"', 'type = "choice"', "[[question]] 第 1 個　choices", "選項題要有 choices"),
        ("programmes.toml", 'key = "tt_expected"', 'key = "expected"', "[[programme]] 第 2 個　question.key", "代碼要以 tt_ 開頭"),
        ("programmes.toml", 'type = "int"', 'type = "float"', "[[programme]] 第 2 個　question.type", "要是其中一個"),
        ("programmes.toml", '"year.most", "own.share"', '"year.least"', "[[programme]] 第 2 個　sums", "沒有標準 year.least"),
        ("programmes.toml", "[[paper]]", "[[criterion]]\ncode = \"tt_need\"\nname = \"需要\"\nclause = \"TT3\"\n\n[[paper]]",
         "[law]", "就要有標準 review.weights（1 個權重）"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_at_its_place(file, old, new, place, says):
    mistakes = checking.check(with_change(file, old, new))
    assert any(place in mistake.place and says in mistake.sentence for mistake in mistakes), [
        (mistake.place, mistake.sentence) for mistake in mistakes
    ]
    assert all(mistake.line for mistake in mistakes)


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
    assert mistake.place.endswith('[parameter."lecturer.hourly"]　values')
    assert "這部法規從 2010-06-01 起適用，那一天還沒有值" in mistake.sentence
    assert checking.begins_too_late(files, dt.date(2010, 6, 2)) == []
    ruled = files["law.toml"].replace("effective_from", 'requires_parameters = ["lecturer.hourly"]\neffective_from')
    assert checking.begins_too_late({**files, "law.toml": ruled}, dt.date(2010, 6, 1)) == []


def test_the_line_is_that_of_the_key():
    files = with_change("rules.toml", 'parameter = "meals.head"', 'parameter = "meals.heads"')
    (mistake,) = [m for m in checking.check(files) if m.key == "parameter"]
    assert files["rules.toml"].splitlines()[mistake.line - 1] == 'parameter = "meals.heads"'
    assert mistake.place == f"rules.toml 第 {mistake.line} 行　[[cap]] 第 5 個　parameter"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rules.toml": ""}, "缺這個檔案，或檔案是空的"),
        ({"rules.py": "print()"}, "不認得這個檔案"),
        ({"rules.toml": "a = [\n"}, "不合 TOML 的寫法"),
        ({"rules.toml": "[[cap]]\nkind = 'a'\nkind = 'b'"}, "前面已經寫過同一個鍵"),
        ({"rules.toml": "cap = 3"}, "要寫成 [[cap]]"),
        ({"rules.toml": "[[cop]]\nkind = 'a'"}, "rules.toml 裡沒有這種表；可以寫的是cap、condition"),
        ({"rules.toml": "[[cap]]\nkind = 'per_head'\n" * 151}, "最多 150 個"),
        ({"rules.toml": "#" * (checking.MOST_FILE + 1)}, "檔案太大"),
        (dict.fromkeys(("rules.toml", "items.toml", "law.toml"), "#" * 190_000), "全部檔案加起來太大"),
        ({"law.toml": "law = 1"}, "要寫成 [law]"),
        ({"law.toml": "[parameter.a.b]\ntitle = 'x'"}, "缺這個鍵"),
        ({"items.toml": "# nothing"}, "至少要有一個 [[item]]"),
    ],
)  # fmt: skip
def test_what_is_no_law_at_all(change, says):
    mistakes = checking.check({**example(), **change})
    assert any(says in mistake.sentence for mistake in mistakes)
    assert len(mistakes) <= checking.MOST_SHOWN


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
    assert {mistake.sentence for mistake in checking.check(gone, before=example())} == {
        "上一版有 tt_open_to_all，舊案件還用得到，不能刪",
        "上一版有 tt_printing，舊案件還用得到，不能刪；不再受理的寫 offered = false",
    }
    other = {**example(), "law.toml": example()["law.toml"].replace("taitung_civic", "taitung_other")}
    assert [m.sentence for m in checking.check(other, before=example())] == ["這是 taitung_civic 的新版本，名字不能改"]


def test_it_is_not_taken_for_another_law():
    with known(example(), SLUG):
        assert checking.check(example()) == []
        other = {**small(""), "law.toml": small("")["law.toml"].replace('prefix = "zz"', 'prefix = "tt"')}
        assert "tt 已經由 taitung_civic 使用，請換一個" in [mistake.sentence for mistake in checking.check(other)]


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

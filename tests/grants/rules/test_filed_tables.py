"""What the rows of a law written as data become: each as a whole, with and without what may be left out."""

import tomllib

from grants.rules import catalogue
from grants.rules.catalogue import Criterion, DocumentKind, Item, Programme, Quantity, Question
from grants.rules.filed.papers import papers_asked
from grants.rules.filed.tables import Tables, asks_for, files_of, of_files
from tests.grants.rules.filing_laws import SLUG, case, example, known, parameter, small

ITEMS = """
[[group]]
code = "zz_all"
title = "項目"

[[quantity]]
key = "zz_plain"
label = "次數"

[[quantity]]
key = "zz_words"
label = "字數"
unit = "字"
type = "int"
help = "不含標點。"

[[item]]
code = "zz_plain_item"
name = "雜支"
group = "zz_all"
clause = "ZZ1"

[[item]]
code = "zz_pay"
name = "稿費"
group = "zz_all"
clause = "ZZ1"
help = "寫文章的錢。"
needed = ["zz_words", "sessions"]
asked = ["hours", "days"]
cost = ["zz_words"]
person = true
priced = false
counted = "篇"
offered = false
example = { zz_words = 1000 }
"""
MORE = """
[[paper]]
code = "zz_always"
name = "計畫書"
clause = "ZZ1"
when = "always"
help = "目的和時間。"

[[paper]]
code = "zz_asked"
name = "課程表"
clause = "ZZ1"
when = "asked"

[[criterion]]
code = "zz_need"
name = "需要"
clause = "ZZ1"
"""
WEIGHTS = '[parameter."review.weights"]\ntitle = "權重"\nclause = "ZZ1"\ntype = "list"\nlength = 1\n'
WEIGHTS += "values = [{ from = 2010-01-01, value = [100] }]\n"
OWN = '\n[[programme.question]]\nkey = "zz_own"\nlabel = "幾人？"\ntype = "int"\nclause = "ZZ1"\n'


SUMS = 'sums = ["a.limit", "a.other"]\n'


def law():
    rules = '[[condition]]\nkind = "prerequisite_paper"\nclause = "ZZ1"\npaper = "zz_asked"\nprogrammes = ["zz_two"]\n'
    files = {**small(rules, WEIGHTS, MORE), "items.toml": ITEMS}
    text = files["programmes.toml"].replace(
        'purpose = "甲。"\nitems = ["zz_pay"]', f'purpose = "甲。"\n{SUMS}items = ["zz_pay", "zz_plain_item"]{OWN}'
    )
    text = text.replace('label = "形式"', 'label = "形式"\nhelp = "選一個。"\ndepends = "zz_open"')
    return {**files, "programmes.toml": text}


def test_quantities_and_items():
    with known(law()):
        assert [catalogue.quantities()[key] for key in ("zz_plain", "zz_words")] == [
            Quantity("zz_plain", "次數", "", "number"),
            Quantity("zz_words", "字數", "字", "int", "不含標點。"),
        ]
        assert [catalogue.items()[code] for code in ("zz_plain_item", "zz_pay")] == [
            Item("zz_plain_item", "雜支", "zz_all", "ZZ1", ""),
            Item(
                "zz_pay",
                "稿費",
                "zz_all",
                "ZZ1",
                "寫文章的錢。",
                needed="zz_words sessions",
                asked="hours days",
                pay=True,
                person=True,
                counted="篇",
                cost=("zz_words",),
                priced=False,
                offered=False,
                examples=({"zz_words": 1000},),
            ),
        ]
        assert [
            (title, [item.code for item in items]) for _, title, items in catalogue.items_by_group("small_law")
        ] == [("項目", ["zz_plain_item", "zz_pay"])]


def test_programmes_questions_papers_and_criteria():
    shared = (
        Question("zz_open", "開放參加嗎？", "", "bool", "ZZ1"),
        Question(
            "zz_form", "形式", "選一個。", "choice", "ZZ1",
            choices=(("course", "課程"), ("feast", "節慶")), depends="zz_open",
        ),
    )  # fmt: skip
    own = Question("zz_own", "幾人？", "", "int", "ZZ1")
    with known(law()):
        one, two = catalogue.programmes("small_law").values()
        assert (set(one.questions), set(two.questions)) == ({*shared, own}, set(shared))
        assert one == Programme("zz_one", "甲類", "類別", one.order, "ZZ1", "甲。", one.questions, "small_law")
        assert catalogue.usual_codes("zz_one") == ("zz_pay", "zz_plain_item")
        assert (catalogue.sums("zz_one"), catalogue.sums("zz_two")) == (("a.limit", "a.other"), ())
        assert [catalogue.documents()[code] for code in ("zz_always", "zz_asked")] == [
            DocumentKind("zz_always", "計畫書", "ZZ1", "always", "目的和時間。"),
            DocumentKind("zz_asked", "課程表", "ZZ1", "asked", ""),
        ]
        assert catalogue.review_criteria("small_law") == (Criterion("zz_need", "需要", "ZZ1"),)


def test_papers_of_every_case_and_of_some():
    with known(law()) as held:
        for programme, expected in (("zz_one", ["zz_always"]), ("zz_two", ["zz_always", "zz_asked"])):
            asked = papers_asked(case(project={"programme": programme}), held.data)
            assert [paper["code"] for paper in asked] == expected


def test_a_law_that_lacks_tables_has_none_of_their_rows():
    """Its rules alone make a law one that is written as data."""
    empty = of_files("zz", {"zz_rules.toml": ""})
    assert empty.items_tables() == {"GROUPS": (), "QUANTITIES": (), "ITEMS": ()}
    assert set(map(len, empty.programmes_tables().values())) == {0}
    assert (empty.papers, empty.caps, empty.conditions) == ((), (), ())
    assert files_of("zz", {"zz_rules.toml": ""}) == ["zz_rules.toml"]
    assert files_of("zz", {"zz_items.toml": "", "zz_programmes.toml": ""}) == []
    assert of_files("zz", {"zz_items.toml": ""}) is None


def test_terms_of_instalments_stand_in_a_law_that_pays_in_two_and_in_no_other():
    two = parameter("instalment.threshold", "100000") + parameter("instalment.first_share", "[1, 2]", "ratio")
    with known(small("", two)) as law:
        assert law.parameters["instalment.receipt_days"].clause == "ZZ1"
    with known(small("")) as law:
        assert [name for name in law.parameters if "instalment" in name] == []


def test_a_parameter_keeps_its_clause_and_a_usual_term_stands_under_the_closing_one():
    files = example()
    written = tomllib.loads(files["law.toml"])
    own = {name: row["clause"] for name, row in written["parameter"].items()}
    assert set(own.values()) != {written["law"]["closed_clause"]}
    with known(files, SLUG) as law:
        found = {name: parameter.clause for name, parameter in law.parameters.items()}
    assert {name: found[name] for name in own} == own
    assert found["rounding.cap"] == written["law"]["closed_clause"]


def test_whether_a_law_has_a_condition_of_a_kind():
    data = Tables(conditions=({"kind": "nonprofit"}, {"kind": "window"}))
    assert [asks_for(kind, data) for kind in ("nonprofit", "window", "own_share")] == [True, True, False]
    assert [asks_for("window", Tables()), asks_for("window", None)] == [False, False]

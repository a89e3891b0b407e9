"""Each kind of condition of a law written as data, on both sides of its edge; and what holds for every such law."""

import datetime as dt

import pytest

from grants.rules import catalogue
from grants.rules.engine import evaluate
from grants.rules.filed.rules import book_of
from grants.rules.findings import Finding
from tests.grants.rules.filing_laws import case, found, known, parameter, small

LINE = {"item": "zz_pay", "requested": 1_900, "own_funds": 100}
PAPERS = """
[[paper]]
code = "zz_plan"
name = "計畫書"
clause = "ZZ1"
when = "asked"
"""


def law_of(kind, value="", more="", sort="int"):
    named = 'parameter = "a.limit"\n' if value else ""
    rules = f'[[condition]]\nkind = "{kind}"\nclause = "ZZ1"\n{named}{more}\n'
    papers = PAPERS if kind == "prerequisite_paper" else ""
    return known(small(rules, parameter("a.limit", value, sort) if value else "", papers))


def said(law, judged):
    return [(f.severity, f.message) for f in evaluate(judged, law).findings]


@pytest.mark.parametrize(
    ("edge", "value", "exclusive", "on", "project", "passes"),
    [
        ("filing_from", '"06-01"', False, "2010-06-01", {}, True),
        ("filing_from", '"06-01"', True, "2010-06-01", {}, False),
        ("filing_from", '"06-02"', False, "2010-06-01", {}, False),
        ("filing_until", '"06-01"', False, "2010-06-01", {}, True),
        ("filing_until", '"06-01"', True, "2010-06-01", {}, False),
        ("filing_until", '"05-31"', False, "2010-06-01", {}, False),
        ("starts_from", '"07-01"', False, "2010-06-01", {}, True),
        ("starts_from", '"07-02"', False, "2010-06-01", {}, False),
        ("ends_until", '"12-31"', False, "2010-06-01", {"ends_on": "2010-12-31"}, True),
        ("ends_until", '"12-31"', True, "2010-06-01", {"ends_on": "2010-12-31"}, False),
        ("ends_until", '"12-31"', False, "2010-06-01", {"ends_on": "2011-01-01"}, False),
        ("ends_until", '"12-31"', False, "2011-06-01", {"starts_on": "2011-07-01", "ends_on": "2011-12-31"}, True),
        ("ends_until", "2010-10-10", False, "2010-06-01", {"ends_on": "2010-10-10"}, True),
        ("ends_until", "2010-10-10", False, "2010-06-01", {"ends_on": "2010-10-11"}, False),
    ],
)  # fmt: skip
def test_a_window(edge, value, exclusive, on, project, passes):
    sort = "text" if '"' in value else "date"
    more = f'edge = "{edge}"' + ("\nexclusive = true" if exclusive else "")
    with law_of("window", value, more, sort) as law:
        assert (found(law, case(LINE, on=on, project=project)) == []) is passes


def test_the_words_and_figures_of_a_window():
    with law_of("window", '"12-31"', 'edge = "ends_until"', "text") as law:
        (finding,) = evaluate(case(LINE, project={"ends_on": "2011-01-02"}), law).findings
    assert finding.message == "計畫要在99年12月31日以前執行完畢。"
    assert (finding.fact, finding.over, finding.allowed) == ("ends_on", 2, dt.date(2010, 12, 31))
    with law_of("window", '"12-31"', 'edge = "ends_until"\nseverity = "warning"', "text") as law:
        asked = said(law, case(LINE, project={"ends_on": "2011-01-02"}))
    assert asked == [("warning", "計畫要在99年12月31日以前執行完畢，請說明。")]


@pytest.mark.parametrize(
    ("more", "starts", "expected"),
    [("", "2010-06-15", []), ("", "2010-06-14", [("error", None, 1, 14)]),
     ("exclusive = true", "2010-06-15", [("error", None, 0, 14)]), ("exclusive = true", "2010-06-16", [])],
)  # fmt: skip
def test_days_before_the_plan_begins(more, starts, expected):
    with law_of("days_before_start", "14", more) as law:
        assert found(law, case(LINE, project={"starts_on": starts})) == expected


@pytest.mark.parametrize(
    ("more", "own", "short"),
    [("", 100, None), ("", 99, 1), ("exclusive = true", 100, 1), ("exclusive = true", 101, None)],
)
def test_the_share_that_the_applicant_bears(more, own, short):
    # 5 % of 2,000 is 100; with 99 the whole is 1,999, of which 5 % is 99.95, so 100 again.
    with law_of("own_share", "[5, 100]", more, "ratio") as law:
        lines = found(law, case({**LINE, "own_funds": own}))
        assert lines == ([] if short is None else [("error", None, short, None)])


@pytest.mark.parametrize(
    ("kind", "value", "sort", "more", "right", "wrong", "sentence"),
    [
        ("applicant_kind", '["civic_group"]', "list", "", {}, {"kind": "church"}, "這個方案由民間團體申請。"),
        ("applicant_county", '"臺東縣"', "text", "", {"county": "臺東縣"}, {"county": "花蓮縣"}, "申請單位要在臺東縣登記立案。"),
        ("applicant_tier", '["excellent"]', "list", "", {"tier": "excellent"}, {}, "這個方案由績優型的社區申請。"),
        ("nonprofit", "", "", "", {}, {"nonprofit": False}, "申請單位不能是以營利為目的。"),
        ("nothing_overdue", "", "", "", {}, {"late_settlements": 1}, "申請單位有 1 件補助逾期結報或還沒有結報。"),
        ("cases_in_the_year", "2", "int", 'of = "scheme"', {"applications_this_year": 1}, {"applications_this_year": 2},
         "同一單位一年最多申請 2 件，這是第 3 件。"),
        ("cases_in_the_year", "2", "int", 'of = "scheme"\nexclusive = true', {}, {"applications_this_year": 1},
         "同一單位一年最多申請 2 件，這是第 2 件。"),
        ("applicant_kind", '["church"]', "list", 'message = "限教會。"', {"kind": "church"}, {}, "限教會。"),
    ],
)  # fmt: skip
def test_who_may_apply(kind, value, sort, more, right, wrong, sentence):
    with law_of(kind, value, more, sort) as law:
        assert said(law, case(LINE, organisation=right)) == []
        assert said(law, case(LINE, organisation=wrong)) == [("error", sentence)]
        assert evaluate(case(LINE, organisation=wrong, project={"programme": "zz_two"}), law).blocks
    with law_of(kind, value, f'{more}\nprogrammes = ["zz_two"]\nseverity = "warning"', sort) as law:
        assert said(law, case(LINE, organisation=wrong)) == []
        asked = said(law, case(LINE, organisation=wrong, project={"programme": "zz_two"}))
        assert asked == [("warning", f"{sentence.rstrip('。')}，請說明。")]


def test_the_same_kind_of_case_once_a_year():
    with law_of("cases_in_the_year", "1", 'of = "programme"') as law:
        assert found(law, case(LINE, organisation={"applications_this_year": 3})) == []
        assert found(law, case(LINE, elsewhere={"same_programme": 1})) == [("error", None, 1, 1)]


@pytest.mark.parametrize(
    ("project", "lines", "words"),
    [
        ({"title": "社區旅遊"}, [LINE], "旅遊"),
        ({"text": "買門票"}, [LINE], "門票"),
        ({}, [{**LINE, "description": "旅遊門票"}], "旅遊、門票"),
        ({"title": "社區課程"}, [LINE], ""),
    ],
)
def test_what_is_never_paid_for(project, lines, words):
    with law_of("forbidden_words", '["旅遊", "門票"]', 'severity = "warning"', "list") as law:
        expected = [("warning", f"計畫裡有「{words}」字樣，這些不補助，請說明。")] if words else []
        assert said(law, case(*lines, project=project)) == expected


@pytest.mark.parametrize(
    ("more", "change"),
    [
        ("", {}),
        ('items = ["zz_other"]', {"lines": [{**LINE, "item": "zz_other"}]}),
        ('programmes = ["zz_two"]', {"project": {"programme": "zz_two"}}),
        ('applicants = ["church"]', {"organisation": {"kind": "church"}}),
        ("answers = { zz_open = true }", {"project": {"zz_open": True}}),
    ],
)
def test_a_paper_that_is_asked_for(more, change):
    with law_of("prerequisite_paper", more=f'paper = "zz_plan"\n{more}') as law:
        project, body = change.get("project", {}), change.get("organisation", {})
        lines = change.get("lines", [LINE])

        def filed(**papers):
            return case(*lines, organisation=body, project={**project, **papers})

        assert said(law, filed(documents=[])) == [("error", "請附計畫書。")]
        assert [paper.code for paper in catalogue.documents_for(filed())] == ["zz_plan"]
        assert said(law, filed(documents=["zz_plan"])) == []
        # Before the papers are looked at, and where the condition is not met, nothing is asked.
        assert said(law, filed()) == []
        if more:
            assert said(law, case(LINE, project={"documents": [], "zz_open": False})) == []
            assert catalogue.documents_for(case(LINE)) == ()


@pytest.mark.parametrize(
    ("more", "right", "wrong"),
    [
        ('question = "zz_open"\nanswer = true', {"zz_open": True}, {"zz_open": False}),
        ('question = "zz_form"\nanswer = ["course"]', {"zz_form": "course"}, {"zz_form": "feast"}),
    ],
)
def test_an_answer_that_is_asked_for(more, right, wrong):
    with law_of("prerequisite_answer", more=more) as law:
        assert said(law, case(LINE, project=right)) == []
        ((severity, message),) = said(law, case(LINE, project=wrong))
        assert (severity, message.endswith("」的回答不符合條件。")) == ("error", True)
        (finding,) = evaluate(case(LINE), law).findings
        assert (finding.kind, finding.severity, finding.fact) == ("blank", "error", next(iter(right)))


def test_by_way_of_the_township():
    with law_of("township_first") as law:
        assert found(law, case(LINE, project={"township_first": True})) == []
        assert [f[0] for f in found(law, case(LINE))] == ["error"]
        assert found(law, case(LINE, stage="draft")) == []


class TestEveryLaw:
    """What is not written in rules.toml and holds all the same; where no row says a clause, it is the law's closed one."""

    LAW = small("", more=PAPERS.replace("asked", "always"))
    LAW["law.toml"] = LAW["law.toml"].replace('closed_clause = "ZZ1"', 'closed_clause = "ZZ2"')
    LAW["clauses.toml"] += LAW["clauses.toml"].replace("ZZ1", "ZZ2")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (
                {"project": {"starts_on": None}},
                Finding("ZZ2", "error", "請填「計畫開始與結束日期」。", kind="blank", fact="starts_on"),
            ),
            (
                {"project": {"ends_on": None}},
                Finding("ZZ2", "error", "請填「計畫開始與結束日期」。", kind="blank", fact="ends_on"),
            ),
            (
                {"project": {"ends_on": "2010-06-30"}},
                Finding(
                    "ZZ2",
                    "error",
                    "結束日期不可以早於開始日期。",
                    requested=dt.date(2010, 6, 30),
                    allowed=dt.date(2010, 7, 1),
                    fact="ends_on",
                ),
            ),
            (
                {"project": {"documents": []}},
                Finding("ZZ1", "error", "請附計畫書。", kind="missing", fact="zz_plan"),
            ),
            (
                {"organisation": {"barred_next_time": True}},
                Finding("ZZ2", "error", "因前次補助款支用不當，這一次不予補助。"),
            ),
            (
                {"organisation": {"bars": [{"starts_on": "2010-01-01", "ends_on": "2010-06-01", "clause": ""}]}},
                Finding("ZZ2", "error", "99年1月1日至99年6月1日停止申請，不能送件。", allowed=dt.date(2010, 6, 1)),
            ),
            (
                {"organisation": {"bars": [{"starts_on": "2010-06-01", "ends_on": "2010-06-02", "clause": "K7.3c"}]}},
                Finding("K7.3c", "error", "99年6月1日至99年6月2日停止申請，不能送件。", allowed=dt.date(2010, 6, 2)),
            ),
        ],
    )
    def test_it_is_refused(self, change, expected):
        with known(self.LAW) as law:
            assert evaluate(case(LINE, **change), law).findings == (expected,)

    def test_it_passes_within(self):
        bar = {"starts_on": "2010-06-02", "ends_on": "2010-07-01", "clause": ""}
        with known(self.LAW) as law:
            one_day = {"starts_on": "2010-07-01", "ends_on": "2010-07-01", "documents": ["zz_plan"]}
            assert found(law, case(LINE, project=one_day, organisation={"bars": [bar]})) == []
            assert found(law, case(LINE, stage="draft", project={"documents": []})) == []

    def test_each_line_has_an_amount_and_an_item_that_is_paid_for(self):
        gone = {
            **self.LAW,
            "items.toml": self.LAW["items.toml"].replace('name = "酬勞"', 'name = "酬勞"\noffered = false'),
        }
        with known(gone) as law:
            assert evaluate(case(LINE), law).findings == (
                Finding("ZZ1", "error", "酬勞不在補助項目裡，請換一個項目。", line="1"),
            )
            assert [item.code for _, items in catalogue.items_for("zz_two") for item in items] == ["zz_other"]
        with known(self.LAW) as law:
            asked = "請填「申請補助金額」，填了才能檢查上限。"
            nothing = {**LINE, "requested": None}
            assert evaluate(case(nothing, nothing, {"item": "printing", "requested": 5}), law).findings == (
                Finding("ZZ1", "error", asked, line="1", kind="blank"),
                Finding("ZZ1", "error", asked, line="2", kind="blank"),
                Finding("ZZ2", "error", "印刷費不在補助項目裡，請換一個項目。", line="3"),
            )


def test_each_rule_has_a_name_by_which_it_can_be_left_out():
    """Tests that must notice a rule leave it out by this name."""
    rules = '[[cap]]\nkind = "per_head"\nclause = "ZZ1"\nparameter = "a.limit"\n'
    rules += '[[cap]]\nkind = "per_case"\nclause = "ZZ1"\nparameter = "a.limit"\n'
    rules += (
        '[[condition]]\nkind = "nonprofit"\nclause = "ZZ1"\n[[condition]]\nkind = "township_first"\nclause = "ZZ1"\n'
    )
    with known(small(rules, parameter("a.limit", "1"))) as law:
        book = book_of(law.data, law.head)
        ours = {(rule.name, rule.law, rule.clauses) for rule in book.everywhere}
        ours |= {(rule.name, rule.law, rule.clauses) for rows in book.by_item.values() for rule in rows}
    names = (
        "cap_1.per_head", "cap_2.per_case", "condition_1.nonprofit", "condition_2.township_first",
        "every_law.dates", "every_law.papers", "every_law.bars", "every_law.lines",
    )  # fmt: skip
    assert ours == {(name, "small_law", ("ZZ1",)) for name in names}

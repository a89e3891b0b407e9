"""What the kinds of caps and conditions do at their edges: what is blank, fractions, several people, whom a row is not for."""

import pytest

from grants.rules import automatic
from grants.rules.engine import evaluate
from grants.rules.findings import Limit, Meter
from tests.grants.rules import test_filed_caps, test_filed_conditions
from tests.grants.rules.filing_laws import case, found, known, parameter, small
from tests.grants.rules.test_filed_caps import OTHER, PAY

ANNA = {**test_filed_caps.ANNA, "persons": 1}

CAPS = {
    "per_unit": ("100", "int", 'per = ["hours"]'),
    "per_day": ("100", "int", ""),
    "per_head": ("100", "int", ""),
    "quantity": ("1", "int", 'quantity = "hours"'),
    "percentage": ("[1, 100]", "ratio", 'of = "asked"\nitems = ["zz_pay"]'),
    "per_case": ("100", "int", ""),
    "per_person_month": ("100", "int", ""),
    "per_year_of_applicant": ("100", "int", ""),
}
CONDITIONS = {
    "window": ('"12-31"', "text", 'edge = "ends_until"'),
    "days_before_start": ("90", "int", ""),
    "own_share": ("[90, 100]", "ratio", ""),
    "forbidden_words": ('["旅遊"]', "list", ""),
    "prerequisite_answer": ("", "", 'question = "zz_open"\nanswer = true'),
    "township_first": ("", "", ""),
}
WRONG = {"ends_on": "2011-01-01", "title": "旅遊", "township_first": False}


@pytest.mark.parametrize("kind", CAPS)
def test_a_cap_of_one_programme(kind):
    value, sort, more = CAPS[kind]
    for programme, count in (("zz_one", 1), ("zz_two", 0)):
        with test_filed_caps.law_of(kind, value, f'{more}\nprogrammes = ["{programme}"]', sort) as law:
            assert len(evaluate(case({**ANNA, "requested": 90_000}), law).findings) == count


@pytest.mark.parametrize("kind", CONDITIONS)
def test_a_condition_of_one_programme(kind):
    value, sort, more = CONDITIONS[kind]
    for programme, count in (("zz_one", 1), ("zz_two", 0)):
        with test_filed_conditions.law_of(kind, value, f'{more}\nprogrammes = ["{programme}"]', sort) as law:
            assert len(evaluate(case({**PAY, "requested": 5}, project=WRONG), law).findings) == count


@pytest.mark.parametrize("kind", ["percentage", "per_case", "own_share"])
def test_of_a_case_without_lines_nothing_is_judged(kind):
    value, sort, more = {**CAPS, **CONDITIONS}[kind]
    laws = test_filed_conditions if kind in CONDITIONS else test_filed_caps
    with laws.law_of(kind, value, more, sort) as law:
        assert found(law, case(), "ZZ1") == []


def test_limits_that_are_kept_stand_with_their_arithmetic():
    with test_filed_caps.law_of("per_head") as law:
        assert evaluate(case({**PAY, "requested": 499}), law, trace=True).limits == (
            Limit("ZZ1", "1", 499, 500, "5 人 × 100 = 500 元"),
        )
    with test_filed_caps.law_of("per_case") as law:
        lines = ({**PAY, "requested": 60}, {**OTHER, "requested": 39})
        assert evaluate(case(*lines), law, trace=True).limits == (Limit("ZZ1", None, 99, 100, "申請 99 元"),)


def test_a_limit_of_nothing_lets_nothing_pass():
    for more in ("", "exclusive = true"):
        with test_filed_caps.law_of("per_head", "0", more) as law:
            assert found(law, case({**PAY, "requested": 1})) == [("error", "1", 1, 0)]


def test_a_blank_amount_adds_nothing():
    blank = {**PAY, "requested": None}
    asked_for = [("error", "2", None, None)], [("error", "3", None, None)]
    with test_filed_caps.law_of("per_case") as law:
        assert found(law, case({**PAY, "requested": 100}, blank)) == asked_for[0]
    with test_filed_caps.law_of("percentage", "[50, 100]", 'of = "others"\nitems = ["zz_other"]', "ratio") as law:
        lines = ({**PAY, "requested": 200}, {**OTHER, "requested": 100}, {**OTHER, "requested": None})
        assert found(law, case(*lines)) == asked_for[1]


def test_a_quantity_without_a_unit():
    rules = '[[cap]]\nkind = "{kind}"\nclause = "ZZ1"\nparameter = "a.limit"\nitems = ["zz_pay"]\n{more}\n'
    said = {
        ("per_unit", 'per = ["zz_words"]'): "酬勞每單位最高 1 元：2,500 × 1 = 2,500 元，超出 1 元。",
        ("quantity", 'quantity = "zz_words"'): "酬勞的字數最多 1，目前 2,500。",
    }
    for (kind, more), sentence in said.items():
        files = small(rules.format(kind=kind, more=more), parameter("a.limit", "1"))
        files["items.toml"] = files["items.toml"].replace('unit = "字"\n', "")
        with known(files) as law:
            (finding,) = evaluate(case({**PAY, "requested": 2_501}), law).findings
            assert finding.message == sentence


def test_the_meter_of_a_share_and_that_a_share_of_the_line_has_none():
    with test_filed_caps.law_of(
        "percentage", "strict = [5, 100], lenient = [10, 100]", 'items = ["zz_other"]\nof = "others"', "ratio", "max"
    ) as law:
        (meter,) = evaluate(case({**PAY, "requested": 1_900}, {**OTHER, "requested": 7}), law).totals.meters
        assert meter == Meter("ZZ1", "雜支", 7, 95, 190, "其他項目申請 1,900 元時，最多 95 元", "zz_other")
    with test_filed_caps.law_of("percentage", "[80, 100]", 'of = "line"\nitems = ["zz_pay"]', "ratio") as law:
        assert evaluate(case({**PAY, "requested": 8, "own_funds": 2}), law).totals.meters == ()


def test_a_quantity_that_is_over_is_no_amount_that_follows():
    """An amount follows its share and the other limits in money; hours are none."""
    rules = (
        '[[cap]]\nkind = "percentage"\nclause = "ZZ1"\nparameter = "a.limit"\nitems = ["zz_other"]\nof = "others"\n'
        '[[cap]]\nkind = "quantity"\nclause = "ZZ1"\nparameter = "a.hours"\nitems = ["zz_other"]\nquantity = "hours"\n'
    )
    parameters = parameter("a.limit", "[5, 100]", "ratio") + parameter("a.hours", "2")
    with known(small(rules, parameters)) as law:
        judged = case({**PAY, "requested": 1_900}, {**OTHER, "requested": 7})
        assert automatic.amounts(judged, law, ["2"]) == {"2": 95}


def test_a_name_alone_or_a_month_alone_is_not_enough():
    with test_filed_caps.law_of("per_person_month", more='items = ["zz_pay"]') as law:
        for half in ({"person": "安娜"}, {"month": "2010-07"}):
            (finding,) = evaluate(case({**PAY, **half, "requested": 101}), law).findings
            assert (finding.kind, finding.line) == ("blank", "1")


def test_each_person_is_judged_and_of_a_line_the_first_with_the_least_room():
    with test_filed_caps.law_of("per_person_month", more='items = ["zz_pay"]') as law:
        two = ({**ANNA, "requested": 101}, {**ANNA, "person": "貝蒂", "requested": 102})
        assert found(law, case(*two)) == [("error", "1", 1, 100), ("error", "2", 2, 100)]
        pair = {**PAY, "persons": 2, "people": ["甲", "乙"], "service_months": ["2010-07"], "requested": 201}
        (finding,) = evaluate(case(pair), law).findings
        assert (finding.person, finding.month, finding.arithmetic) == (
            "甲", "2010-07", "甲 99年7月：本案 101 元，2 人月最多 200 元",
        )  # fmt: skip


def test_parts_of_a_dollar_over_several_lines_are_rounded_once():
    with test_filed_caps.law_of("per_person_month", more='items = ["zz_pay"]') as law:
        pair = {**PAY, "persons": 2, "people": ["甲", "乙"], "service_months": ["2010-07"]}
        alone = {**PAY, "persons": 1, "person": "甲", "month": "2010-07", "requested": 50}
        assert found(law, case({**pair, "requested": 100}, alone)) == []
        (finding,) = evaluate(case({**pair, "requested": 101}, alone), law).findings
        assert (finding.requested, finding.allowed, finding.lines) == (101, 100, ("1", "2"))
        assert finding.arithmetic == "甲 99年7月：本案 101 元"


def test_what_other_cases_hold_leaves_nothing():
    held = {"person": "安娜", "month": "2010-07", "amount": 300, "item": "zz_pay"}
    with test_filed_caps.law_of("per_person_month", more='items = ["zz_pay"]') as law:
        (finding,) = evaluate(case({**ANNA, "requested": 1}, elsewhere={"person_months": [held]}), law).findings
        assert (finding.over, finding.suggested, finding.arithmetic) == (
            1, 0, "安娜 99年7月：其他案件 300 元＋本案 1 元",
        )  # fmt: skip


def test_the_wage_is_that_of_the_month_and_not_of_the_day_of_filing():
    rules = '[[cap]]\nkind = "per_person_month"\nclause = "ZZ1"\nparameter = "statutory.basic_wage.monthly"\n'
    with known(small(rules)) as law:
        one = {**ANNA, "persons": 1, "month": "2011-01"}
        plan = {"starts_on": "2011-01-01", "ends_on": "2011-01-31"}
        assert found(law, case({**one, "requested": 17_880}, project=plan)) == []
        assert found(law, case({**one, "requested": 17_881}, project=plan)) == [("error", "1", 1, 17_880)]


def test_the_whole_cost_holds_the_money_of_others():
    with test_filed_conditions.law_of("own_share", "[5, 100]", "", "ratio") as law:
        lines = {**PAY, "requested": 1_900, "own_funds": 100, "other_funds": 20}
        assert found(law, case(lines)) == [("error", None, 1, None)]


def test_a_paper_is_not_asked_for_while_the_case_is_written():
    with test_filed_conditions.law_of("prerequisite_paper", more='paper = "zz_plan"') as law:
        judged = case({**PAY, "requested": 5}, project={"documents": []}, stage="draft")
        assert found(law, judged) == []


def test_a_question_of_a_programme_is_named_by_its_words():
    files = small('[[condition]]\nkind = "prerequisite_answer"\nclause = "ZZ1"\nquestion = "zz_own"\nanswer = true\n')
    files["programmes.toml"] = files["programmes.toml"].replace(
        'purpose = "甲。"\nitems = ["zz_pay"]\n',
        'purpose = "甲。"\nitems = ["zz_pay"]\n\n[[programme.question]]\nkey = "zz_own"\nlabel = "自己辦嗎？"\n'
        'type = "bool"\nclause = "ZZ1"\n',
    )
    with known(files) as law:
        (finding,) = evaluate(case({**PAY, "requested": 5}), law).findings
        assert finding.message == "請回答「自己辦嗎？」。"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("限非營利。", "限非營利，請說明。"),
        ("不是非營利的請說明。", "不是非營利的請說明。"),
        ("不是非營利的請說明理由。", "不是非營利的請說明理由。"),
    ],
)
def test_what_is_only_asked_for_says_so_once(words, expected):
    more = f'severity = "warning"\nmessage = "{words}"'
    with test_filed_conditions.law_of("nonprofit", more=more) as law:
        (finding,) = evaluate(case({**PAY, "requested": 5}, organisation={"nonprofit": False}), law).findings
        assert (finding.severity, finding.message) == ("warning", expected)

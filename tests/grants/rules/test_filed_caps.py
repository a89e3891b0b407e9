"""Each kind of cap of a law written as data, below, at and above its limit."""

from fractions import Fraction

import pytest

from grants.rules.engine import evaluate
from tests.grants.rules.filing_laws import case, found, known, parameter, small

PAY = {"item": "zz_pay", "hours": 3, "in_house": False, "days": 2, "persons": 5, "zz_words": 2500}
OTHER = {**PAY, "item": "zz_other"}


def law_of(kind, value="100", more="", sort="int", direction=""):
    rules = f'[[cap]]\nkind = "{kind}"\nclause = "ZZ1"\nparameter = "a.limit"\n{more}\n'
    return known(small(rules, parameter("a.limit", value, sort, direction)))


@pytest.mark.parametrize(
    ("kind", "more", "most"),
    [
        ("per_unit", 'per = ["hours"]', 300),
        ("per_unit", 'per = ["persons", "days"]', 1000),
        ("per_unit", 'per = ["zz_words"]\ncount = 1000', 250),
        ("per_unit", 'per = ["hours"]\nexclusive = true', 299),
        ("per_unit", 'per = ["hours"]\nwhere = { in_house = false }', 300),
        ("per_unit", 'per = ["hours"]\nitems = ["zz_pay"]', 300),
        ("per_unit", 'per = ["hours"]\nprogrammes = ["zz_one"]', 300),
        ("per_unit", 'per = ["hours"]\napplicants = ["civic_group"]', 300),
        ("per_day", "", 200),
        ("per_head", "", 500),
        ("per_head", "exclusive = true", 499),
    ],
)
def test_so_much_for_each_unit(kind, more, most):
    with law_of(kind, more=more) as law:
        assert found(law, case({**PAY, "requested": most})) == []
        assert found(law, case({**PAY, "requested": most + 1})) == [("error", "1", 1, most)]


def test_a_cap_can_be_left_out_by_its_name():
    with law_of("per_head") as law:
        dear = case({**PAY, "requested": 501})
        assert evaluate(dear, law, without=frozenset({"cap_1.per_head"})).findings == ()
        assert len(evaluate(dear, law).findings) == 1


@pytest.mark.parametrize(
    "more",
    [
        "where = { in_house = true }",
        'items = ["zz_other"]',
        'programmes = ["zz_two"]',
        'applicants = ["church"]',
    ],
)
@pytest.mark.parametrize("kind", ["per_head", "quantity", "percentage"])
def test_a_cap_for_something_else_says_nothing(kind, more):
    own = {"per_head": "", "quantity": 'quantity = "hours"', "percentage": 'of = "line"'}[kind]
    sort, value = ("ratio", "[1, 100]") if kind == "percentage" else ("int", "1")
    with law_of(kind, value, f"{more}\n{own}", sort) as law:
        assert found(law, case({**PAY, "requested": 90_000})) == []


def test_what_a_cap_needs_is_asked_for():
    blank = {**PAY, "hours": None, "in_house": None, "requested": 10}
    with law_of("per_unit", more='per = ["hours"]\nwhere = { in_house = false }') as law:
        (finding,) = evaluate(case(blank), law).findings
        assert (finding.kind, finding.line, "內聘或外聘、時數" in finding.message) == ("blank", "1", True)


def test_two_sides_make_a_band_and_a_principle_only_asks():
    with law_of("per_head", "strict = 100, lenient = 120", direction="max") as law:
        assert found(law, case({**PAY, "requested": 501})) == [("warning", "1", 1, 500)]
        assert found(law, case({**PAY, "requested": 600})) == [("warning", "1", 100, 500)]
        assert found(law, case({**PAY, "requested": 601})) == [("error", "1", 1, 500)]
    with law_of("per_head", more='severity = "warning"') as law:
        assert found(law, case({**PAY, "requested": 90_000})) == [("warning", "1", 89_500, 500)]


def test_the_words_of_a_cap():
    with law_of("per_head", "1600", 'message = "便當每人 {limit} 元"') as law:
        (finding,) = evaluate(case({**PAY, "requested": 8_001}), law, trace=True).findings
        assert finding.message == "便當每人 1,600 元：5 人 × 1,600 = 8,000 元，超出 1 元。"
        assert finding.basis == "便當每人 1,600 元：5 人 × 1,600 = 8,000 元"
        assert (finding.requested, finding.allowed, finding.unit) == (8_001, 8_000, "TWD")
        assert "a.limit" in finding.parameters
    with law_of("per_head", more="exclusive = true") as law:
        (finding,) = evaluate(case({**PAY, "requested": 500}), law).findings
        assert finding.message == "酬勞每人須未滿 100 元：5 人 × 100 = 500 元，超出 1 元。"
        assert finding.basis.endswith("，最多 499 元")


@pytest.mark.parametrize(
    ("more", "hours", "expected"),
    [
        ("", 100, []),
        ("", Fraction(201, 2), [("error", "1", Fraction(1, 2), 100)]),
        ("exclusive = true", 100, [("error", "1", 0, 100)]),
        ("exclusive = true", 99, []),
        ('severity = "warning"', 101, [("warning", "1", 1, 100)]),
    ],
)
def test_a_quantity(more, hours, expected):
    with law_of("quantity", more=f'quantity = "hours"\n{more}') as law:
        assert found(law, case({**PAY, "hours": hours, "requested": 5})) == expected


def test_a_quantity_between_two_sides_and_a_blank_one():
    with law_of("quantity", "strict = 2, lenient = 4", 'quantity = "hours"', direction="max") as law:
        assert [f[0] for f in found(law, case({**PAY, "requested": 1}))] == ["warning"]
        assert [f[0] for f in found(law, case({**PAY, "hours": 5, "requested": 1}))] == ["error"]
        (finding,) = evaluate(case({**PAY, "hours": None, "requested": 1}), law).findings
        assert finding.kind == "blank"


@pytest.mark.parametrize(
    ("of", "own", "most"),
    [
        # 5 % of all that is asked for: 1,900 of the others allow 100 (100 is 5 % of 2,000).
        ("asked", 0, 100),
        ("others", 0, 95),
        # The whole cost holds 1,900 more of own money: 3,800 beside allow 200.
        ("cost", 1_900, 200),
    ],
)
def test_a_share(of, own, most):
    with law_of("percentage", "[5, 100]", f'items = ["zz_other"]\nof = "{of}"', "ratio") as law:
        rest = {**PAY, "requested": 1_900, "own_funds": own}
        assert found(law, case(rest, {**OTHER, "requested": most})) == []
        assert found(law, case(rest, {**OTHER, "requested": most + 1})) == [("error", "2", 1, most)]


def test_a_share_of_the_line_and_the_meter_of_the_others():
    with law_of("percentage", "[80, 100]", 'of = "line"\nitems = ["zz_pay"]', "ratio") as law:
        assert found(law, case({**PAY, "requested": 800, "own_funds": 150, "other_funds": 50})) == []
        assert found(law, case({**PAY, "requested": 801, "own_funds": 150, "other_funds": 50})) == [
            ("error", "1", 1, 800)
        ]
    with law_of("percentage", "[5, 100]", 'items = ["zz_other"]\nof = "asked"', "ratio") as law:
        (meter,) = evaluate(case({**PAY, "requested": 1_900}, {**OTHER, "requested": 7}), law).totals.meters
        assert (meter.used, meter.allowed, meter.lenient, meter.item) == (7, 100, 100, "zz_other")
    with law_of("percentage", "[100, 100]", 'items = ["zz_other"]\nof = "asked"', "ratio") as law:
        assert found(law, case({**OTHER, "requested": 90_000})) == []


def test_a_share_just_below_its_limit():
    with law_of("percentage", "[5, 100]", 'items = ["zz_other"]\nof = "others"\nexclusive = true', "ratio") as law:
        assert found(law, case({**PAY, "requested": 2_000}, {**OTHER, "requested": 99})) == []
        assert found(law, case({**PAY, "requested": 2_000}, {**OTHER, "requested": 100})) == [("error", "2", 1, 99)]


def test_a_case_and_some_of_its_items():
    with law_of("per_case") as law:
        assert found(law, case({**PAY, "requested": 60}, {**OTHER, "requested": 40})) == []
        (finding,) = evaluate(case({**PAY, "requested": 60}, {**OTHER, "requested": 41}), law).findings
        assert (finding.line, finding.lines, finding.over, finding.suggested) == (None, ("1", "2"), 1, 100)
        assert finding.message == "每案最高補助 100 元：申請 101 元，超出 1 元。"
    with law_of("per_case", more='items = ["zz_other"]') as law:
        assert found(law, case({**PAY, "requested": 900}, {**OTHER, "requested": 100})) == []
        assert found(law, case({**PAY, "requested": 900}, {**OTHER, "requested": 101})) == [("error", "2", 1, 100)]
        assert found(law, case({**PAY, "requested": 900})) == []


def test_a_year_of_an_applicant():
    with law_of("per_year_of_applicant") as law:
        assert found(law, case({**PAY, "requested": 40}, organisation={"asked_this_year": 60})) == []
        assert found(law, case({**PAY, "requested": 41}, organisation={"asked_this_year": 60})) == [
            ("error", "1", 1, 40)
        ]
        assert found(law, case({**PAY, "requested": 1}, organisation={"asked_this_year": 300})) == [
            ("error", "1", 1, 0)
        ]


ANNA = {**PAY, "person": "安娜", "month": "2010-07"}
HELD = {"person": "安娜", "month": "2010-07", "amount": 60, "item": "zz_pay"}


@pytest.mark.parametrize(
    ("lines", "elsewhere", "expected"),
    [
        ([{**ANNA, "requested": 100}], [], []),
        ([{**ANNA, "requested": 101}], [], [("error", "1", 1, 100)]),
        # Two lines of the same month count together, whatever the width of the name.
        ([{**ANNA, "requested": 60}, {**ANNA, "person": "安 娜", "requested": 41}], [], [("error", None, 1, 100)]),
        ([{**ANNA, "requested": 60}, {**ANNA, "month": "2010-08", "requested": 60}], [], []),
        # Another case of the same body leaves what it does not hold.
        ([{**ANNA, "requested": 40}], [HELD], []),
        ([{**ANNA, "requested": 41}], [HELD], [("error", "1", 1, 40)]),
        # A namesake of another body and an item that the cap is not for do not count.
        ([{**ANNA, "requested": 100}], [{**HELD, "case": "A-1"}, {**HELD, "item": "zz_other"}], []),
        # Three people in two months: six shares.
        ([{**PAY, "people": ["甲", "乙", "丙"], "service_months": ["2010-07", "2010-08"], "requested": 600}], [], []),
        (
            [{**PAY, "people": ["甲", "乙", "丙"], "service_months": ["2010-07", "2010-08"], "requested": 601}],
            [],
            [("error", "1", 1, 600)],
        ),
    ],
)
def test_a_person_in_a_month(lines, elsewhere, expected):
    with law_of("per_person_month", more='items = ["zz_pay"]') as law:
        lines = [{**line, "persons": len(line.get("people", "1"))} for line in lines]
        assert found(law, case(*lines, elsewhere={"person_months": elsewhere})) == expected


def test_whoever_is_paid_is_named_and_the_wage_is_that_of_the_month():
    with law_of("per_person_month", more='items = ["zz_pay"]') as law:
        (finding,) = evaluate(case({**PAY, "requested": 10}), law).findings
        assert (finding.kind, finding.message) == ("blank", "請填「姓名、服務月份」，填了才能檢查上限。")
        assert found(law, case({**OTHER, "requested": 900})) == []
    rules = '[[cap]]\nkind = "per_person_month"\nclause = "ZZ1"\nparameter = "statutory.basic_wage.monthly"\n'
    with known(small(rules)) as law:
        one = {**ANNA, "persons": 1}
        assert found(law, case({**one, "requested": 17_280})) == []
        assert found(law, case({**one, "requested": 17_281})) == [("error", "1", 1, 17_280)]

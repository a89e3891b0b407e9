"""The example of a third county's scheme, case by case, computed by hand: each limit at its edge and one beyond."""

import datetime as dt

import pytest

from grants.rules import facts, laws
from grants.rules.engine import evaluate
from grants.rules.ruleset import load
from tests.grants.rules.filing_laws import SLUG, example, versions

PAPERS = ["tt_plan", "tt_registration", "tt_timetable"]
LECTURER = {"item": "tt_lecturer", "hours": 3, "in_house": False, "requested": 4_800, "own_funds": 500}
AIDE = {"item": "tt_helper", "person": "王小明", "month": "2010-07", "requested": 6_000, "own_funds": 500}
MEALS = {"item": "tt_meals", "persons": 50, "requested": 4_000, "own_funds": 500}
VENUE = {"item": "tt_venue", "days": 2, "requested": 5_999, "own_funds": 500}
PRINTING = {"item": "tt_printing", "tt_copies": 100, "requested": 6_000, "own_funds": 500}
SUNDRIES = {"item": "tt_sundries", "requested": 210}
BIG = {"item": "tt_printing", "tt_copies": 1_000, "own_funds": 5_000}


@pytest.fixture
def law():
    laws.file_law(SLUG, versions(example(), SLUG))
    yield load(SLUG)
    laws.file_law(SLUG, ())


def judged(law, lines, on="2010-06-01", stage="submission", organisation=(), project=(), elsewhere=None):
    case = {
        "submitted_on": on,
        "stage": stage,
        "organisation": {"kind": "community_association", **dict(organisation)},
        "project": {
            "programme": "tt_course",
            "starts_on": "2010-07-01",
            "ends_on": "2010-07-31",
            "documents": PAPERS,
            "township_first": True,
            "tt_open_to_all": True,
            **dict(project),
        },
        "lines": [{"id": str(place), **line} for place, line in enumerate(lines, 1)],
        "elsewhere": elsewhere or {},
    }
    found = evaluate(facts.from_dict(case), law).findings
    return [(f.severity, f.clause, f.over) for f in found]


# What changes in a blameless case → what is said of it.
LINES = [
    # 第六點（一）: 3 hours of 1,600 outside, of 800 in house; up to 12 hours pass without a word.
    ([LECTURER], []),
    ([LECTURER | {"requested": 4_801}], [("error", "TT6.1", 1)]),
    ([LECTURER | {"in_house": True, "requested": 2_400}], []),
    ([LECTURER | {"in_house": True, "requested": 2_401}], [("error", "TT6.1", 1)]),
    ([LECTURER | {"hours": 12}], []),
    ([LECTURER | {"hours": 13}], [("warning", "TT6.1", 1)]),
    # （二）: 6,000 for a person in a month, over two lines too.
    ([AIDE], []),
    ([AIDE | {"requested": 6_001}], [("error", "TT6.2", 1)]),
    ([AIDE | {"requested": 3_000}, AIDE | {"requested": 3_001}], [("error", "TT6.2", 1)]),
    ([AIDE | {"requested": 3_000}, AIDE | {"month": "2010-08", "requested": 6_000}], []),
    # （三）: 50 people of 80.
    ([MEALS], []),
    ([MEALS | {"requested": 4_001}], [("error", "TT6.3", 1)]),
    # （四）: below 3,000 a day, so 5,999 for two.
    ([VENUE], []),
    ([VENUE | {"requested": 6_000}], [("error", "TT6.4", 1)]),
    # （五）: 100 copies of 60.
    ([PRINTING], []),
    ([PRINTING | {"requested": 6_001}], [("error", "TT6.5", 1)]),
    # （六）: 5 % of all; beside 4,000 that is 4,000 / 19 = 210.5.
    ([MEALS, SUNDRIES], []),
    ([MEALS, SUNDRIES | {"requested": 211}], [("error", "TT6.6", 1)]),
    # 第五點（一）（二）: 40,000 a case, 20,000 a year as a principle.
    ([BIG | {"requested": 20_000}], []),
    ([BIG | {"requested": 20_001}], [("warning", "TT5.2", 1)]),
    ([BIG | {"requested": 40_000}], [("warning", "TT5.2", 20_000)]),
    ([BIG | {"requested": 40_001}], [("error", "TT5.1", 1), ("warning", "TT5.2", 20_001)]),
    # （三）: 5 % of 2,000 is 100; 99 of 1,999 lack one.
    ([MEALS | {"requested": 1_900, "own_funds": 100}], []),
    ([MEALS | {"requested": 1_900, "own_funds": 99}], [("error", "TT5.3", 1)]),
]  # fmt: skip
CASES = [
    ({"organisation": {"asked_this_year": 16_000}}, []),
    ({"organisation": {"asked_this_year": 16_001}}, [("warning", "TT5.2", 1)]),
    ({"elsewhere": {"same_programme": 1}}, [("error", "TT5.4", 1)]),
    ({"organisation": {"kind": "church"}}, [("error", "TT2", None)]),
    ({"organisation": {"nonprofit": False}}, [("error", "TT2", None)]),
    ({"project": {"tt_open_to_all": False}}, [("error", "TT3", None)]),
    ({"project": {"tt_open_to_all": None}}, [("error", "TT3", None)]),
    ({"project": {"title": "會員旅遊"}}, [("warning", "TT3", None)]),
    # 第四點: 14 days before, not on 30 November any more, over by 31 December.
    ({"on": "2010-06-17"}, []),
    ({"on": "2010-06-18"}, [("error", "TT4", 1)]),
    ({"on": "2010-11-29", "project": {"starts_on": "2010-12-13", "ends_on": "2010-12-31"}}, []),
    ({"on": "2010-11-30", "project": {"starts_on": "2010-12-14", "ends_on": "2010-12-31"}}, [("error", "TT4", 0)]),
    ({"project": {"ends_on": "2011-01-01"}}, [("error", "TT4", 1)]),
    # 第七點.
    ({"project": {"documents": ["tt_plan"]}}, [("error", "TT7", None)]),
    ({"project": {"documents": []}, "stage": "draft"}, []),
    ({"project": {"township_first": False}}, [("error", "TT7", None)]),
    ({"project": {"township_first": False}, "stage": "draft"}, []),
    # Before the scheme is open nothing else is judged.
    ({"on": "2009-12-31", "project": {"starts_on": "2009-01-01"}}, [("error", "TT1", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), LINES)
def test_a_budget(law, lines, expected):
    assert judged(law, lines) == expected


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_a_case(law, change, expected):
    assert judged(law, [MEALS], **change) == expected


def test_a_course_needs_its_timetable_and_other_costs_do_not(law):
    without = {"project": {"documents": PAPERS[:2]}}
    assert judged(law, [MEALS], **without) == []
    assert judged(law, [LECTURER], **without) == [("error", "TT7", None)]


def test_it_says_when_it_may_be_settled_and_is_paid_once(law):
    from grants.rules import payments

    plan = payments.instalments(20_000, law, dt.date(2010, 6, 1))
    assert (plan.first, plan.second, plan.clause) == (0, 0, "TT8")
    due = payments.settlement_due(dt.date(2010, 7, 31), lambda _: True, law, dt.date(2010, 7, 31))
    assert due.on == dt.date(2010, 8, 31)

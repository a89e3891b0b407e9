"""The county's bounds on a change after the approval: the value itself passes, one more is warned of, with its sum."""

import datetime as dt

import pytest

from grants.rules import amendments
from grants.rules.ruleset import load

ON, LAW = dt.date(2010, 6, 1), load("kaohsiung_88")
END = dt.date(2010, 8, 31)


def test_a_fifth_more_flows_into_a_line_and_not_a_dollar_beyond():
    assert amendments.transfer("1", 10_004, 12_004, LAW, ON) is None
    found = amendments.transfer("1", 10_004, 12_005, LAW, ON)
    assert (found.clause, found.severity, found.line, found.over, found.suggested) == (
        "K7.4a",
        "warning",
        "1",
        1,
        12_004,
    )
    assert found.arithmetic == "核定 10,004 元 × 20% = 2,000 元，最多 12,004 元"
    assert amendments.transfer("1", 10_000, 0, LAW, ON) is None


def test_the_sum_of_all_lines_stays_within_the_approval():
    assert amendments.beyond(120_000, 120_000) == ""
    assert "超過核定的 120,000 元，多出 1 元" in amendments.beyond(120_000, 120_001)


@pytest.mark.parametrize(
    ("last", "over"), [(dt.date(2011, 2, 28), None), (dt.date(2011, 3, 1), 1), (dt.date(2011, 3, 31), 31)]
)
def test_the_plan_may_end_six_months_later(last, over):
    found = amendments.longer_period(END, last, LAW, ON)
    assert (found and found.over) == over


def test_the_settlement_may_come_thirty_days_later():
    due = dt.date(2010, 9, 30)
    assert amendments.later_settlement(due, dt.date(2010, 10, 30), LAW, ON) is None
    assert amendments.later_settlement(due, dt.date(2010, 10, 31), LAW, ON).over == 1


def test_whoever_asks_after_the_end_asks_late():
    assert amendments.asked_late(END, END, LAW, ON) is None
    assert amendments.asked_late(END, dt.date(2010, 9, 2), LAW, ON).over == 2


def test_the_other_laws_have_the_same_bounds():
    assert amendments.transfer("1", 10_000, 12_001, load("miaoli"), ON).clause == "M5.8"

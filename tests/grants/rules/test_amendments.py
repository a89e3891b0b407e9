"""The county's bounds on a change after the approval: the value itself passes, one more is warned of, with its sum."""

import datetime as dt

import pytest

from grants.rules import amendments
from grants.rules.findings import Finding
from grants.rules.ruleset import load
from tests.grants.rules.build import ruling

ON, LAW = dt.date(2010, 6, 1), load("kaohsiung_88")
END = dt.date(2010, 8, 31)


def test_a_fifth_more_flows_into_a_line_and_not_a_dollar_beyond():
    assert amendments.transfer("1", 10_004, 12_004, LAW, ON) is None
    assert amendments.transfer("1", 10_004, 12_006, LAW, ON) == Finding(
        "K7.4a",
        "warning",
        "流入這一項的經費超過核定的 20%：改為 12,006 元，超出 2 元。",
        line="1",
        requested=12_006,
        allowed=12_004,
        over=2,
        unit="TWD",
        suggested=12_004,
        arithmetic="核定 10,004 元 × 20% = 2,000 元，最多 12,004 元",
    )
    assert amendments.transfer("1", 10_000, 0, LAW, ON) is None


def test_the_sum_of_all_lines_stays_within_the_approval():
    assert amendments.beyond(120_000, 120_000) == ""
    assert (
        amendments.beyond(120_000, 120_001)
        == "變更後合計 120,001 元，超過核定的 120,000 元，多出 1 元；請從別的項目減列。"
    )


@pytest.mark.parametrize(
    ("last", "over"), [(dt.date(2011, 2, 28), None), (dt.date(2011, 3, 1), 1), (dt.date(2011, 3, 31), 31)]
)
def test_the_plan_may_end_six_months_later(last, over):
    found = amendments.longer_period(END, last, LAW, ON)
    assert (found and found.over) == over


def test_what_is_said_of_a_plan_that_ends_too_late():
    last = dt.date(2011, 3, 2)
    assert amendments.longer_period(END, last, LAW, ON) == Finding(
        "K7.4a",
        "warning",
        "展延超過 6 個月：改為 100年3月2日，晚 2 日。",
        requested=last,
        allowed=dt.date(2011, 2, 28),
        over=2,
        unit="days",
        arithmetic="原核定迄日 99年8月31日 ＋ 6 個月 = 100年2月28日",
        fact="ends_on",
    )


def test_the_settlement_may_come_thirty_days_later():
    due, until = dt.date(2010, 9, 30), dt.date(2010, 11, 1)
    assert amendments.later_settlement(due, dt.date(2010, 10, 30), LAW, ON) is None
    assert amendments.later_settlement(due, until, LAW, ON) == Finding(
        "K7.4a",
        "warning",
        "結報展延超過 30 日：改為 99年11月1日，晚 2 日。",
        requested=until,
        allowed=dt.date(2010, 10, 30),
        over=2,
        unit="days",
        arithmetic="結報期限 99年9月30日 ＋ 30 日 = 99年10月30日",
        fact="settlement_until",
    )


def test_whoever_asks_after_the_end_asks_late():
    asked = dt.date(2010, 9, 2)
    assert amendments.asked_late(END, END, LAW, ON) is None
    assert amendments.asked_late(END, asked, LAW, ON) == Finding(
        "K7.4a",
        "warning",
        "99年9月2日 才提出，晚了 2 日。",
        requested=asked,
        allowed=END,
        over=2,
        unit="days",
        arithmetic="執行迄日 99年8月31日 − 0 日 = 99年8月31日",
        fact="asked_on",
    )


def test_a_county_may_want_to_be_asked_some_days_before_the_end():
    law = LAW.with_rulings([ruling("amendment.notice_days", 10)])
    assert amendments.asked_late(END, dt.date(2010, 8, 21), law, ON) is None
    late = amendments.asked_late(END, dt.date(2010, 8, 22), law, ON)
    assert (late.allowed, late.over) == (dt.date(2010, 8, 21), 1)
    assert late.arithmetic == "執行迄日 99年8月31日 − 10 日 = 99年8月21日"


@pytest.mark.parametrize(
    ("name", "judge"),
    [
        ("transfer_share", lambda law: amendments.transfer("1", 100, 131, law, ON)),
        ("extension_months", lambda law: amendments.longer_period(END, dt.date(2011, 5, 1), law, ON)),
        ("settlement_days", lambda law: amendments.later_settlement(END, dt.date(2010, 12, 1), law, ON)),
        ("notice_days", lambda law: amendments.asked_late(END, dt.date(2010, 12, 1), law, ON)),
    ],
)
def test_only_the_lenient_side_warns(name, judge):
    sides = {"strict": [1, 100], "lenient": [30, 100]} if name == "transfer_share" else {"strict": 1, "lenient": 2}
    assert (
        judge(LAW.with_rulings([ruling(f"amendment.{name}", **sides)])).over
        == judge(LAW.with_rulings([ruling(f"amendment.{name}", sides["lenient"])])).over
    )


def test_the_other_laws_have_the_same_bounds():
    assert amendments.transfer("1", 10_000, 12_001, load("miaoli"), ON).clause == "M5.8"

"""柒: what is paid or returned at the settlement, and the day by which it is due."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules import payments
from grants.rules.settlement import answer_of
from miaoli_kaohsiung.lib import office_calendar
from tests.grants.rules.build import LAW, ruled, ruling

ON = dt.date(2010, 6, 1)


class TestSettlement:
    @pytest.mark.parametrize(
        ("approved", "paid", "eligible", "executed", "disallowed", "payable", "refund", "clauses"),
        [
            (120000, 60000, 130000, True, 0, 60000, 0, ("K7.1b",)),
            (120000, 60000, 120000, True, 0, 60000, 0, ("K7.1b",)),
            (120000, 60000, 60000, True, 0, 0, 0, ("K7.1b",)),
            (120000, 60000, 59999, True, 0, 0, 1, ("K7.1b", "K7.3a")),
            (120000, 60000, 0, True, 0, 0, 60000, ("K7.1b", "K7.3a")),
            (120000, 60000, 130000, True, 5000, 60000, 0, ("K7.1b", "K7.3d")),
            (120000, 120000, 120000, True, 5000, 0, 5000, ("K7.1b", "K7.3a", "K7.3d")),
            (120000, 0, 5000, True, 6000, 0, 0, ("K7.1b", "K7.3d")),
            (120000, 60000, 60000, False, 0, 0, 60000, ("K7.3b",)),
            (90000, 0, 80000, True, 0, 80000, 0, ("K7.1b",)),
        ],
    )
    def test_paid_and_returned(self, approved, paid, eligible, executed, disallowed, payable, refund, clauses):
        done = payments.settlement(approved, paid, eligible, executed, disallowed, ruleset=LAW)
        assert (done.payable, done.refund, done.clauses) == (payable, refund, clauses)

    def test_arithmetic(self):
        arithmetic = "已撥付 60 元 − 核定 100 元與核實支出 50 元取較小者 50 元 = 應繳回 10 元"
        assert payments.settlement(100, 60, 50, ruleset=LAW).arithmetic == arithmetic
        assert (
            payments.settlement(100, 60, 90, ruleset=LAW).arithmetic
            == "核定 100 元與核實支出 90 元取較小者 90 元 − 已撥付 60 元 = 應撥付 30 元"
        )

    @pytest.mark.parametrize(
        ("paid", "returned", "eligible", "refund", "payable", "arithmetic"),
        [
            (60, 4, 50, 6, 0, "已撥付 60 元 − 已繳回 4 元 − 核定 100 元與核實支出 50 元取較小者 50 元 = 應繳回 6 元"),
            (
                60,
                10,
                50,
                0,
                0,
                "核定 100 元與核實支出 50 元取較小者 50 元 − 已撥付 60 元 ＋ 已繳回 10 元 = 應撥付 0 元",
            ),
        ],
    )
    def test_what_came_back_is_told_beside_what_was_paid(self, paid, returned, eligible, refund, payable, arithmetic):
        done = payments.settlement(100, paid, eligible, returned=returned, ruleset=LAW)
        assert (done.refund, done.payable, done.arithmetic) == (refund, payable, arithmetic)

    def test_a_project_not_carried_out_tells_what_is_left_to_return(self):
        done = payments.settlement(100, 60, 0, executed=False, returned=20, ruleset=LAW)
        assert (done.refund, done.arithmetic) == (40, "計畫未執行，已撥付 60 元全數繳回 − 已繳回 20 元 = 應繳回 40 元")

    def test_no_more_came_back_than_was_paid(self):
        with pytest.raises(ValueError, match="whole number"):
            payments.settlement(100, 60, 50, returned=61, ruleset=LAW)

    @given(*[st.integers(0, 10**7)] * 4, st.booleans())
    def test_never_both_and_never_beyond_what_is_borne(self, approved, paid, eligible, disallowed, executed):
        done = payments.settlement(approved, paid, eligible, executed, disallowed, ruleset=LAW)
        assert done.payable == 0 or done.refund == 0
        assert paid + done.payable - done.refund == done.accepted
        assert done.accepted <= approved

    def test_negative(self):
        with pytest.raises(ValueError, match="whole number"):
            payments.settlement(1, -1, 0, ruleset=LAW)


def by_hand(completed_on, is_workday):
    """The oracle: walk day by day, counting nothing on the first day, to the day before the corresponding day."""
    start = completed_on + dt.timedelta(days=1)
    day = start
    if start.day == 1:
        while (day + dt.timedelta(days=1)).month == start.month:
            day += dt.timedelta(days=1)
    else:
        while day.month == start.month:
            day += dt.timedelta(days=1)
        following = day.month
        while day.day != start.day and (day + dt.timedelta(days=1)).month == following:
            day += dt.timedelta(days=1)
        if day.day == start.day:
            day -= dt.timedelta(days=1)
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


class TestSettlementDue:
    @pytest.mark.parametrize(
        ("completed", "due", "morning"),
        [
            ("2010-03-15", "2010-04-15", False),
            ("2012-04-30", "2012-05-31", False),
            ("2010-01-30", "2010-03-01", False),
            ("2010-01-29", "2010-03-01", False),
            ("2010-01-27", "2010-03-01", True),
            ("2010-12-31", "2011-01-31", False),
            ("2010-08-31", "2010-09-30", False),
            ("2011-11-30", "2012-01-02", True),
            ("2010-03-17", "2010-04-19", True),
        ],
    )
    def test_days(self, completed, due, morning):
        due_day = payments.settlement_due(dt.date.fromisoformat(completed), lambda day: day.weekday() < 5, LAW, ON)
        assert (due_day.on.isoformat(), due_day.morning_only) == (due, morning)

    def test_a_saturday_that_is_worked_stays(self):
        due = payments.settlement_due(dt.date(2010, 3, 17), lambda day: True, LAW, ON)
        assert (due.on, due.morning_only) == (dt.date(2010, 4, 17), False)

    @pytest.mark.parametrize(
        ("completed_on", "due_on"),
        [
            (dt.date(2010, 3, 15), dt.date(2010, 4, 15)),
            (dt.date(2012, 4, 30), dt.date(2012, 5, 31)),  # starts on the 1st, ends with its month
            (dt.date(2010, 8, 31), dt.date(2010, 9, 30)),
            (dt.date(2011, 2, 28), dt.date(2011, 3, 31)),
            (dt.date(2011, 1, 30), dt.date(2011, 3, 1)),  # no 31 February: ends with the month, the 28th, a holiday
            (dt.date(2010, 12, 31), dt.date(2011, 1, 31)),
            (dt.date(2010, 5, 5), dt.date(2010, 6, 7)),  # a Saturday: next Monday
            (dt.date(2010, 5, 6), dt.date(2010, 6, 7)),  # a Sunday: next day
            (dt.date(2010, 5, 16), dt.date(2010, 6, 17)),  # Dragon Boat: next day
            (dt.date(2010, 1, 13), dt.date(2010, 2, 22)),  # the nine days of the new year
            (dt.date(2010, 1, 6), dt.date(2010, 2, 6)),  # a Saturday that is worked
        ],
    )
    def test_days_by_the_calendar_of_offices(self, completed_on, due_on):
        assert payments.settlement_due(completed_on, office_calendar.published().is_workday, LAW, ON).on == due_on

    @given(
        st.dates(dt.date(2010, 1, 1), dt.date(2013, 12, 31)),
        st.sets(st.dates(dt.date(2010, 1, 1), dt.date(2014, 3, 1)), max_size=30),
    )
    def test_equals_counting_by_hand(self, completed, holidays):
        def is_workday(day):
            return day.weekday() < 5 and day not in holidays

        assert payments.settlement_due(completed, is_workday, LAW, ON).on == by_hand(completed, is_workday)

    def test_the_months_are_the_laws_of_the_day(self):
        two = ruled("settlement.months", 2)
        completed = dt.date(2010, 3, 15)
        assert payments.settlement_due(completed, lambda day: True, two, ON).on == dt.date(2010, 5, 15)

    def test_the_days_for_the_receipt(self):
        assert payments.receipt_days(LAW, ON) == 30
        assert payments.receipt_days(ruled("instalment.receipt_days", 20), ON) == 20
        two_sides = LAW.with_rulings([ruling("instalment.receipt_days", strict=14, lenient=21)])
        assert payments.receipt_days(two_sides, ON) == 21

    def test_completion_day(self):
        planned, actual = dt.date(2010, 9, 30), dt.date(2010, 9, 15)
        assert payments.completion_day(planned, actual, LAW, ON) == actual
        assert payments.completion_day(planned, None, LAW, ON) == planned
        assert payments.completion_day(planned, actual, ruled("reading.completion", "planned"), ON) == planned


@pytest.mark.parametrize(
    ("item", "kind", "title", "answer"),
    [
        ("admin_overhead", "receipt", "own", "own_title"),
        ("admin_overhead", "invoice", "other", "other_title"),
        ("admin_overhead", "roster", "", ""),
        ("participant_transport", "roster", "", "roster"),
        ("participant_transport", "receipt", "own", "receipt"),
        ("travel", "ticket", "", "ticket"),
        ("travel", "receipt", "own", ""),
        ("meals", "roster", "", ""),
        # Nothing is asked about the receipts of this item.
        ("lecturer_fee", "receipt", "own", ""),
    ],
)
def test_what_a_voucher_says_to_the_question_of_its_item(item, kind, title, answer):
    assert answer_of(item, kind, title) == answer

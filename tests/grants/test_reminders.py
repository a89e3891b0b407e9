"""Which reminder is due on which day: the plans alone, without a database."""

import datetime as dt

import pytest

from grants.queries.reminders.plans import HORIZON, Plan, days_before, newest_stage
from grants.queries.reminders.table import filed
from grants.rules.ruleset import load
from grants.services.reminders.words import marks_of, unknown

DUE = dt.date(2010, 9, 30)
LONG_AGO = dt.date(2010, 1, 8)
LAWS_OWN = days_before(load("kaohsiung_88").value("settlement.reminder_days", DUE))


def name(code: str, days: int, opened_on: dt.date = LONG_AGO) -> str:
    stage = newest_stage(DUE, opened_on, filed()[code].plan(LAWS_OWN), DUE + dt.timedelta(days=days))
    return stage.name if stage else ""


@pytest.mark.parametrize(
    ("days", "asked", "late"),
    [
        (-31, "", ""),
        (-30, "before-30", ""),
        (-29, "before-30", ""),
        (-15, "before-30", ""),
        (-14, "before-14", ""),
        (-4, "before-14", ""),
        (-3, "before-3", ""),
        (-1, "before-3", ""),
        (0, "day", ""),
        (1, "", "after-1"),
        (7, "", "after-1"),
        (8, "", "after-8"),
        (14, "", "after-8"),
        (15, "", "after-15"),
        (365, "", "after-365"),
        (366, "", "after-365"),
    ],
)
def test_settlement(days, asked, late):
    assert (name("settlement.asked", days), name("settlement.late", days)) == (asked, late)


@pytest.mark.parametrize(
    ("days", "asked", "office"), [(-4, "", ""), (-3, "before-3", ""), (0, "before-3", ""), (60, "", "after-1")]
)
def test_correction(days, asked, office):
    assert (name("correction.asked", days), name("correction.office", days)) == (asked, office)


@pytest.mark.parametrize(("days", "stage"), [(-91, ""), (-90, "before-90"), (0, "before-90"), (1, "")])
def test_term_of_office(days, stage):
    assert name("term_expiry.asked", days) == stage


@pytest.mark.parametrize(
    ("days", "stage"), [(-30, ""), (-29, "opening"), (-8, "opening"), (-7, "before-7"), (0, "day"), (1, "")]
)
def test_receipt_is_asked_for_on_the_day_after_approval(days, stage):
    assert name("receipt.asked", days, DUE - dt.timedelta(days=30)) == stage


@pytest.mark.parametrize(("opened", "stage"), [(-31, "before-30"), (-30, "before-30"), (-29, "")])
def test_a_stage_before_the_deadline_was_set_is_not_sent(opened, stage):
    assert name("settlement.asked", -15, DUE + dt.timedelta(days=opened)) == stage


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (1, True)])
def test_overdue_begins_after_the_day(days, overdue):
    stage = newest_stage(DUE, LONG_AGO, Plan((-30, 0, 1)), DUE + dt.timedelta(days=days))
    assert stage is not None
    assert stage.overdue is overdue


def test_the_days_of_the_law_make_the_plan_of_a_row_that_leaves_them_to_it():
    rows = filed()
    assert rows["settlement.asked"].plan(LAWS_OWN) == Plan((-30, -14, -3, 0))
    assert rows["settlement.late"].plan(LAWS_OWN) == Plan((1,), every=7)
    assert rows["return.asked"].plan(LAWS_OWN) == Plan((-7, 0))


def test_a_filed_reminder_is_whole():
    for row in filed().values():
        assert set(row.who) <= set(row.may), row.code
        assert not unknown(row.subject + row.body, marks_of(row)), row.code
        assert not unknown(row.short, marks_of(row, short=True)), row.code
        assert all(day >= -HORIZON for day in row.days), row.code

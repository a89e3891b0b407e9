"""Which reminder is due on which day: the plans alone, without a database."""

import datetime as dt

import pytest

from grants.enums import DeadlineKind
from grants.rules.ruleset import load
from grants.services.reminders.stages import PLANS, Plan, newest_stage, plan_of_days_before

DUE = dt.date(2010, 9, 30)
LONG_AGO = dt.date(2010, 1, 8)
LAWS_OWN = plan_of_days_before(load("kaohsiung_88").value("settlement.reminder_days", DUE))


def name(kind: DeadlineKind, days: int, opened_on: dt.date = LONG_AGO) -> str:
    plan = LAWS_OWN if kind == DeadlineKind.SETTLEMENT else PLANS[kind]
    stage = newest_stage(DUE, opened_on, plan, DUE + dt.timedelta(days=days))
    return stage.name if stage else ""


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-31, ""),
        (-30, "before-30"),
        (-29, "before-30"),
        (-15, "before-30"),
        (-14, "before-14"),
        (-4, "before-14"),
        (-3, "before-3"),
        (-1, "before-3"),
        (0, "day"),
        (1, "after-1"),
        (7, "after-1"),
        (8, "after-8"),
        (14, "after-8"),
        (15, "after-15"),
        (365, "after-365"),
        (366, "after-365"),
    ],
)
def test_settlement(days, stage):
    assert name(DeadlineKind.SETTLEMENT, days) == stage


@pytest.mark.parametrize(
    ("days", "stage"), [(-4, ""), (-3, "before-3"), (0, "before-3"), (1, "after-1"), (60, "after-1")]
)
def test_correction(days, stage):
    assert name(DeadlineKind.CORRECTION, days) == stage


@pytest.mark.parametrize(("days", "stage"), [(-91, ""), (-90, "before-90"), (0, "before-90")])
def test_term_of_office(days, stage):
    assert name(DeadlineKind.TERM_EXPIRY, days) == stage


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-30, ""), (-29, "opening"), (-8, "opening"), (-7, "before-7"), (0, "day"), (1, "after-1"), (8, "after-8")],
)
def test_receipt_is_asked_for_on_the_day_after_approval(days, stage):
    assert name(DeadlineKind.FIRST_RECEIPT, days, DUE - dt.timedelta(days=30)) == stage


@pytest.mark.parametrize(("opened", "stage"), [(-31, "before-30"), (-30, "before-30"), (-29, "")])
def test_a_stage_before_the_deadline_was_set_is_not_told(opened, stage):
    assert name(DeadlineKind.SETTLEMENT, -15, DUE + dt.timedelta(days=opened)) == stage


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (1, True)])
def test_overdue_begins_after_the_day(days, overdue):
    stage = newest_stage(DUE, LONG_AGO, LAWS_OWN, DUE + dt.timedelta(days=days))
    assert stage is not None
    assert stage.overdue is overdue


def test_the_days_of_the_law_make_the_same_plan():
    assert plan_of_days_before([30, 14, 3, 0, -1]) == Plan((-30, -14, -3, 0, 1), weekly=True)
    assert DeadlineKind.SETTLEMENT not in PLANS

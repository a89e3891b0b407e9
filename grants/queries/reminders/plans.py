"""When somebody is reminded of a thing that is due. Plain arithmetic of days.

A plan is a list of days counted from the due date: -30 is thirty days before it, 1 the day after. If several stages
have come without being sent (the worker stood still, or the deadline was set late), only the newest is sent: one
reminder that is right today, instead of several that were right once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

OPENING = "opening"
# The farthest ahead that any plan looks, in days.
HORIZON = 180


@dataclass(frozen=True)
class Plan:
    """When reminders are sent: `days` from the due date, ascending; with `every` again so many days after the last;
    with `opening` also at the first run after the deadline was set.
    """

    days: tuple[int, ...]
    every: int = 0
    opening: bool = False


@dataclass(frozen=True)
class Stage:
    """One reminder of a deadline: its name within the notice's kind, and whether the due date has passed."""

    name: str
    on: dt.date
    overdue: bool


def days_before(law_days: Sequence[int]) -> tuple[int, ...]:
    """Return the law's list, where 30 is thirty days before and -1 the day after, as days of a plan."""
    return tuple(sorted(-day for day in law_days))


def newest_stage(due_on: dt.date, opened_on: dt.date, plan: Plan, today: dt.date) -> Stage | None:
    """Return the last stage that has come by today and not before the deadline was set; None if there is none. Once the
    due date has passed, a stage before it is not sent any more.
    """
    passed = (today - due_on).days
    days = [day for day in plan.days if day <= passed]
    if plan.every and days and days[-1] == plan.days[-1]:
        days.append(plan.days[-1] + (passed - plan.days[-1]) // plan.every * plan.every)
    if days and (on := due_on + dt.timedelta(days=days[-1])) >= opened_on:
        return None if days[-1] <= 0 < passed else Stage(_name(days[-1]), on, overdue=days[-1] > 0)
    if plan.opening and opened_on < today <= due_on:
        return Stage(OPENING, opened_on, overdue=False)
    return None


def _name(days: int) -> str:
    if days == 0:
        return "day"
    return f"after-{days}" if days > 0 else f"before-{-days}"

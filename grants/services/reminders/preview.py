"""What a reminder will look like, shown with a real deadline of the county."""

import datetime as dt
from dataclasses import dataclass

from grants.queries.reminders import labels
from grants.queries.reminders.plans import Stage
from grants.queries.reminders.table import Reminder
from grants.services.duties import reminders
from grants.services.guidance.reminders import visit_example
from grants.services.notices import Words
from grants.services.panels import reminding
from miaoli_kaohsiung.lib import clock

from . import deadlines
from .engine import Due
from .words import EXAMPLES, said

# How many repetitions a preview names.
REPEATS = 3


@dataclass(frozen=True)
class Preview:
    """A reminder as it will be sent. `real` tells a deadline of the county from an invented one; `days` are those on
    which it goes out, each with its distance in words; `people` the recipients, each group with its number.
    """

    reminder: Reminder
    words: Words
    real: bool
    due_on: dt.date
    days: list[tuple[dt.date, int]]
    people: list[tuple[str, int]]

    @property
    def length(self) -> int:
        return len(self.words.short)


def preview_of(county: str, reminder: Reminder) -> Preview:
    """Return the reminder with the newest open thing of its kind in the county, or with invented values."""
    due = (
        deadlines.example(county, reminder.of)
        or reminders.example(county, reminder.of)
        or visit_example(county, reminder.of)
        or reminding.example(county, reminder.of)
    )
    if due is None:
        due_on = clock.today() + dt.timedelta(days=30)
        words = said(reminder, EXAMPLES, "")
        return Preview(reminder, words, False, due_on, _days(reminder, due_on, ()), [])
    days = _days(reminder, due.due_on, due.law_days)
    words = said(reminder, due.values(*_first(due, days)), due.url(reminder.who[0]) if reminder.who else "")
    people = [(str(labels.WHO[who]), len(due.people(who))) for who in reminder.who]
    return Preview(reminder, words, True, due.due_on, days, people)


def _first(due: Due, days: list[tuple[dt.date, int]]) -> tuple[Stage, dt.date]:
    """Return the first stage with its day: the words count from there."""
    on = days[0][0] if days else due.due_on
    return Stage("preview", on, overdue=on > due.due_on), on


def _days(reminder: Reminder, due_on: dt.date, law_days: tuple[int, ...]) -> list[tuple[dt.date, int]]:
    plan = reminder.plan(law_days)
    days = list(plan.days)
    if plan.every and days:
        days += [days[-1] + plan.every * turn for turn in range(1, REPEATS + 1)]
    return [(due_on + dt.timedelta(days=day), day) for day in days]

"""Reads of the visits to associations: those of a month, those without a day, who may go."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from grants.models import Duty, VisitPlan
from grants.queries import duties
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib.roc_date import format_month, format_roc

KEY = "guidance"


@dataclass(frozen=True)
class Day:
    """A day of the month page with how many visits are on it; `inside` is False for days of the months beside it."""

    on: dt.date
    visits: int
    inside: bool


@dataclass(frozen=True)
class Month:
    """A month's `weeks`, its `planned` visits in their order, and those that are due by its end without a day."""

    first: dt.date
    weeks: list[list[Day]]
    planned: list[Any]
    without_day: list[Duty]

    @property
    def title(self) -> str:
        return format_month(f"{self.first:%Y-%m}")

    @property
    def weekdays(self) -> list[str]:
        return [_("日"), _("一"), _("二"), _("三"), _("四"), _("五"), _("六")]

    @property
    def firsts(self) -> set[int]:
        """The first visit of each day, by number: where the day's link leads."""
        found: dict[dt.date, int] = {}
        for row in self.planned:
            found.setdefault(row.visit.on, row.pk)
        return set(found.values())

    @property
    def before(self) -> dt.date:
        return (self.first - dt.timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> dt.date:
        return (self.first + dt.timedelta(days=31)).replace(day=1)


def visits(rows: QuerySet[Duty] | None = None) -> QuerySet[Duty]:
    """Return the visits among these duties, or all of them."""
    return (Duty.objects.all() if rows is None else rows).filter(key=KEY)


def without_day(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return the visits that nobody gave a day, or one after the last day for it."""
    return rows.filter(Q(visit__isnull=True) | Q(visit__on__gt=F("due_on")))


def month_of(user: User, first: dt.date) -> Month:
    """Return the month that begins on this day, of what the person may see. Two queries."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    seen = visits(duties.visible(user)).select_related("organisation", "visit__visitor")
    planned: list[Any] = list(
        seen.filter(visit__on__range=(first, last)).order_by("visit__on", "visit__starts_at", "pk")
    )
    open_ones = duties.waiting(seen.filter(visit__isnull=True, due_on__lte=last)).order_by(
        "due_on", "organisation__township__position", "pk"
    )
    counts: dict[dt.date, int] = {}
    for row in planned:
        counts[row.visit.on] = counts.get(row.visit.on, 0) + 1
    weeks = [
        [Day(day, counts.get(day, 0), day.month == first.month) for day in week]
        for week in calendar.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, planned, list(open_ones))


def visitors_of(county: str) -> list[User]:
    """Return who of the county may go, by name."""
    found = {person.pk: person for role in CASE_HANDLERS for person in holders_of(role, county=county)}
    return sorted(found.values(), key=lambda person: (str(person), person.pk))


def words_of(visit: VisitPlan) -> str:
    """Return day and hour as people read them."""
    return format_roc(visit.on) + (f" {visit.starts_at:%H:%M}" if visit.starts_at else "")

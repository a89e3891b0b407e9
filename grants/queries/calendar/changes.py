"""What a change of the calendar says, side by side with what holds, and which days it would move."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from grants.models import CalendarYear
from miaoli_kaohsiung.accounts.counties import slugs
from miaoli_kaohsiung.changes.kinds import Row
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.office_calendar import Calendar, Day, published
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import book
from .book import Book
from .running import Planned, planned, running

WEEKDAYS = "一二三四五六日"


def values(days: Mapping[dt.date, Day], source: str, *, whole: bool) -> dict[str, Any]:
    """Return the days as a change keeps them."""
    named = {day.isoformat(): [known.works, known.name] for day, known in sorted(days.items())}
    return {"days": named, "source": source, "whole": whole}


def days_of(data: Mapping[str, Any]) -> dict[dt.date, Day]:
    return {dt.date.fromisoformat(day): Day(*known) for day, known in data["days"].items()}


def year_values(county: str, year: int) -> dict[str, Any]:
    """Return what holds of a year, as `values`."""
    calendar = book.read().of(county)
    days = {day: known for day, known in calendar.days.items() if day.year == year}
    return values(days, source_of(county, year), whole=calendar.covers(year))


def day_values(county: str, day: dt.date) -> dict[str, Any]:
    """Return what holds of a day, as `values`."""
    calendar = book.read().of(county)
    return values({day: known_of(calendar, day)}, "", whole=False)


def known_of(calendar: Calendar, day: dt.date) -> Day:
    """Return what the calendar says of a day; of one that it does not name what the week says."""
    return calendar.days.get(day) or Day(calendar.is_workday(day), "")


def source_of(county: str, year: int) -> str:
    """Return where the calendar of a year comes from; "" for a year that nobody entered."""
    rows = CalendarYear.objects.filter(year=year, county__in=["", county]).order_by("-county")
    if row := rows.first():
        return row.source
    return _("政府行政機關辦公日曆表（隨系統提供）") if published().covers(year) else ""


def current(change: Change) -> dict[str, Any]:
    """Return what holds now of the days that a change is about."""
    if change.data["whole"]:
        return year_values(change.county, int(change.subject))
    return day_values(change.county, dt.date.fromisoformat(change.subject))


def rows(change: Change) -> list[Row]:
    """Return what differs, day by day, in the order of the year."""
    old, new = days_of(change.before), days_of(change.data)
    found = [Row(_("依據"), change.before["source"], change.data["source"])]
    for day in sorted({*old, *new}):
        sides = [_in_words(day, side.get(day)) for side in (old, new)]
        if sides[0] != sides[1]:
            found.append(Row(day_in_words(day), *sides))
    return found


def day_in_words(day: dt.date) -> str:
    """Return 「99年6月16日（三）」."""
    return f"{format_roc(day)}（{WEEKDAYS[day.weekday()]}）"


def _in_words(day: dt.date, known: Day | None) -> str:
    works = day.weekday() < 5 if known is None else known.works
    word = _("上班") if works else _("放假")
    if works and day.weekday() >= 5:
        word = _("補班")
    return f"{word}　{known.name}" if known and known.name else word


def moving(change: Change) -> list[Planned]:
    """Return what would move if the change were confirmed now."""
    now = book.read()
    year = int(change.subject) if change.data["whole"] else None
    return moves_between(now, now.with_days(change.county, days_of(change.data), year), change)


def moves_between(now: Book, then: Book, change: Change) -> list[Planned]:
    """Return what ends on a day that is a workday now and would be none. A day off that becomes a workday moves nothing:
    a day that people were given is not shortened.
    """
    counties = [change.county] if change.county else slugs()
    dates = _dates(change)
    ending = {day for day in dates for one in counties if now.of(one).is_workday(day) > then.of(one).is_workday(day)}
    plans = planned(running(ending, counties), then.of) if ending else []
    return [plan for plan in plans if _works(now, plan)]


def _works(now: Book, plan: Planned) -> bool:
    return now.of(plan.running.county, plan.running.township).is_workday(plan.due_before)


def _dates(change: Change) -> list[dt.date]:
    if not change.data["whole"]:
        return [dt.date.fromisoformat(change.subject)]
    first = dt.date(int(change.subject), 1, 1)
    days = (first + dt.timedelta(days=n) for n in range(366))
    return [day for day in days if day.year == first.year]

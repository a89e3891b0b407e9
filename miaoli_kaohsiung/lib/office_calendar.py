"""Working days of government offices: the arithmetic, and where the days come from.

The published calendars stand in data/office_calendar.csv. What the counties add (later years, changed days, offices
closed by a typhoon) they keep elsewhere: a source of calendars is set by the room that keeps it. A year that nobody has
entered is counted by Saturdays and Sundays alone, and `covers` says so.
"""

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("data") / "office_calendar.csv"
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_NO_DAYS: Mapping[dt.date, "Day"] = MappingProxyType({})


@dataclass(frozen=True)
class Day:
    """A day that somebody has entered: whether offices work, and what it is called."""

    works: bool
    name: str


@dataclass(frozen=True)
class Calendar:
    """The working days of the offices of one place. `years` are those entered as a whole; `days` hold what departs from
    the ordinary week, and `closed` the days on which its offices were closed at short notice.
    """

    years: frozenset[int]
    days: Mapping[dt.date, Day] = field(default_factory=lambda: _NO_DAYS)
    closed: frozenset[dt.date] = frozenset()

    def covers(self, year: int) -> bool:
        """Return whether the days off and the make-up workdays of the AD year are known."""
        return year in self.years

    def is_workday(self, day: dt.date) -> bool:
        """Return whether offices work: on weekdays that are no holiday, and on make-up workdays, unless closed."""
        known = self.days.get(day)
        works = day.weekday() < _SATURDAY if known is None else known.works
        return works and day not in self.closed

    def next_workday(self, day: dt.date) -> dt.date:
        """Return the day itself if offices work on it, else the first workday after it."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def past_closure(self, day: dt.date) -> dt.date:
        """Return the day itself, unless offices were closed on it at short notice: then the next workday."""
        return self.next_workday(day) if day in self.closed else day

    def add_workdays(self, day: dt.date, count: int) -> dt.date:
        """Return the count-th workday after the day, which is itself not counted. Count is 0 or more; 0 is the day
        itself.
        """
        if count < 0:
            raise ValueError("workdays are counted forward")
        for _ in range(count):
            day = self.next_workday(day + _ONE_DAY)
        return day


Source = Callable[[str, str], Calendar]


@cache
def published() -> Calendar:
    """Return the calendars as the government published them, the same for every county."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        days = {
            dt.date.fromisoformat(row["date"]): Day(row["kind"] == "workday", row["name"])
            for row in csv.DictReader(rows)
        }
    return Calendar(frozenset(day.year for day in days), MappingProxyType(days))


def of(county: str = "", township: str = "") -> Calendar:
    """Return the calendar of a county's offices, or of those of one of its townships. Without a county it is that of
    all of them: a year counts as known if it is known everywhere.
    """
    return _sources[-1](county, township)


def set_source(source: Source) -> None:
    """Say where `of` finds its calendars."""
    _sources.append(source)


def is_guessed(day: dt.date, county: str = "") -> bool:
    """Return whether the day lies in a year that is counted by Saturdays and Sundays alone."""
    return not of(county).covers(day.year)


_sources: list[Source] = [lambda _county, _township: published()]

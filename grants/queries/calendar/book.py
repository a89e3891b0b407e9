"""The office calendars as the counties have entered them, over the published ones.

For a county three layers count, the later over the earlier: the published calendar, what was entered for all counties,
what the county entered itself. A year entered as a whole hides what the layers below say of it.

A process keeps all rows for some seconds. What was counted onto a day that was closed in those seconds is moved by the
daily run.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import connection

from grants.models import CalendarDay, CalendarYear, Closure
from miaoli_kaohsiung.accounts.counties import slugs
from miaoli_kaohsiung.lib.kept import Kept
from miaoli_kaohsiung.lib.office_calendar import Calendar, Day, published

EVERYWHERE = ""

Days = Mapping[dt.date, Day]


@dataclass(frozen=True)
class Layer:
    """What was entered for one county, or for all of them."""

    years: frozenset[int] = frozenset()
    days: Days = field(default_factory=dict)

    def over(self, years: frozenset[int], days: Days) -> tuple[frozenset[int], Days]:
        """Return the years known and the days named, with this layer laid over those."""
        kept = {day: known for day, known in days.items() if day.year not in self.years}
        return years | self.years, {**kept, **self.days}


@dataclass(frozen=True)
class Closed:
    """A closure that holds; without `townships` it is the whole county."""

    county: str
    on: dt.date
    townships: frozenset[str]

    def concerns(self, county: str, township: str) -> bool:
        return county == self.county and (not self.townships or township in self.townships)


@dataclass(frozen=True)
class Book:
    """All that was entered, and the calendars that follow from it."""

    layers: Mapping[str, Layer] = field(default_factory=dict)
    closed: tuple[Closed, ...] = ()
    _made: dict[tuple[str, str], Calendar] = field(default_factory=dict, compare=False)

    def of(self, county: str = EVERYWHERE, township: str = "") -> Calendar:
        """Return the calendar of a place's offices; without a county the one that all have in common."""
        if (county, township) not in self._made:
            self._made[county, township] = self._calendar(county, township)
        return self._made[county, township]

    def with_days(self, county: str, days: Days, year: int | None) -> "Book":
        """Return the book as it would be with these days entered too; with a `year`, they are all of that year."""
        old = self.layers.get(county, Layer())
        kept = {day: known for day, known in old.days.items() if day.year != year}
        new = Layer(old.years | ({year} if year else set()), {**kept, **days})
        return replace(self, layers={**self.layers, county: new}, _made={})

    def and_closed(self, closed: Closed) -> "Book":
        """Return the book as it would be if these offices were closed too."""
        return replace(self, closed=(*self.closed, closed), _made={})

    def without_closures(self) -> "Book":
        return replace(self, closed=(), _made={})

    def _calendar(self, county: str, township: str) -> Calendar:
        years, days = published().years, published().days
        for key in dict.fromkeys((EVERYWHERE, county)):
            years, days = self.layers.get(key, Layer()).over(years, days)
        if county == EVERYWHERE:
            own = [self.layers.get(county, Layer()).years for county in slugs()]
            years |= frozenset.intersection(*own) if own else frozenset()
        closed = frozenset(row.on for row in self.closed if row.concerns(county, township))
        return Calendar(years, days, closed)


def calendar_of(county: str, township: str) -> Calendar:
    """Return the calendar of a place (`office_calendar.of`)."""
    return current().of(county, township)


def current() -> Book:
    """Return what was entered, with everything that this transaction has written."""
    if any(hook[1] == KEPT.forget for hook in connection.run_on_commit):
        return read()
    return KEPT.get()


def read() -> Book:
    """Return everything that was entered, in three queries."""
    years: dict[str, set[int]] = {}
    days: dict[str, dict[dt.date, Day]] = {}
    for county, year in CalendarYear.objects.values_list("county", "year"):
        years.setdefault(county, set()).add(year)
    for county, on, works, name in CalendarDay.objects.values_list("county", "on", "works", "name"):
        days.setdefault(county, {})[on] = Day(works, name)
    layers = {key: Layer(frozenset(years.get(key, ())), days.get(key, {})) for key in {*years, *days}}
    return Book(layers, tuple(closed_by(row) for row in Closure.objects.filter(taken_back_on=None)))


def closed_by(row: Closure) -> Closed:
    return Closed(row.county, row.on, frozenset(row.townships))


KEPT = Kept(read)

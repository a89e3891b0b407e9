"""Working days of government offices, and legal periods counted by them.

The days come from data/office_calendar.csv (for the county to confirm; see data/README.md). A year without rows is
counted by weekends alone. Extra holidays, such as typhoon days a county proclaims, are handed in by the caller.
"""

import calendar
import csv
import datetime as dt
from collections.abc import Collection
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "office_calendar.csv"
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5

Days = Collection[dt.date]


def covers(year: int) -> bool:
    """Whether holidays and make-up workdays of the AD year are known."""
    return any(day.year == year for day in _known_days())


def is_workday(day: dt.date, extra_holidays: Days = ()) -> bool:
    """Offices work on weekdays that are no holiday, and on make-up workdays."""
    if day in extra_holidays:
        return False
    kind = _known_days().get(day)
    return day.weekday() < _SATURDAY if kind is None else kind == "workday"


def next_workday(day: dt.date, extra_holidays: Days = ()) -> dt.date:
    """The day itself when offices work on it, else the first workday after it."""
    while not is_workday(day, extra_holidays):
        day += _ONE_DAY
    return day


def add_workdays(day: dt.date, count: int, extra_holidays: Days = ()) -> dt.date:
    """The count-th workday after the day, which is itself not counted. Count is 0 or more; 0 is the day itself."""
    if count < 0:
        raise ValueError("workdays are counted forward")
    for _ in range(count):
        day = next_workday(day + _ONE_DAY, extra_holidays)
    return day


def one_month_after(completed_on: dt.date, extra_holidays: Days = ()) -> dt.date:
    """The last day of 一個月內 counted from a day, by 行政程序法 article 48 (K7.2a, reading A27).

    The first day is not counted. A period that starts on the 1st ends with its month; any other ends on the day before
    the corresponding day of the next month, or with that month when it has no such day. A last day on a Saturday,
    Sunday or holiday gives way to the next workday; make-up workdays count as workdays.
    """
    start = completed_on + _ONE_DAY
    if start.day == 1:
        return next_workday(_month_end(start), extra_holidays)
    end_of_next = _month_end(_month_end(start) + _ONE_DAY)
    if start.day > end_of_next.day:
        return next_workday(end_of_next, extra_holidays)
    return next_workday(end_of_next.replace(day=start.day) - _ONE_DAY, extra_holidays)


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@cache
def _known_days() -> dict[dt.date, str]:
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return {dt.date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(rows)}

"""Working days of government offices.

The days come from data/office_calendar.csv (for the county to confirm; see data/README.md). A year without rows has
weekends alone.
"""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "office_calendar.csv"
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5


def covers(year: int) -> bool:
    """Return whether holidays and make-up workdays of the AD year are known."""
    return any(day.year == year for day in _known_days())


def is_workday(day: dt.date) -> bool:
    """Return whether offices work: on weekdays that are no holiday, and on make-up workdays."""
    kind = _known_days().get(day)
    return day.weekday() < _SATURDAY if kind is None else kind == "workday"


def next_workday(day: dt.date) -> dt.date:
    """Return the day itself if offices work on it, else the first workday after it."""
    while not is_workday(day):
        day += _ONE_DAY
    return day


def add_workdays(day: dt.date, count: int) -> dt.date:
    """Return the count-th workday after the day, which is itself not counted. Count is 0 or more; 0 is the day itself."""
    if count < 0:
        raise ValueError("workdays are counted forward")
    for _ in range(count):
        day = next_workday(day + _ONE_DAY)
    return day


@cache
def _known_days() -> dict[dt.date, str]:
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return {dt.date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(rows)}

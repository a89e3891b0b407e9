"""The reminders of a county on a day: its own rows, and the filed ones (filed.toml) where it has none."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from grants.models import CountyReminder

from .plans import Plan

FILE = Path(__file__).with_name("filed.toml")
NOTICE, LETTER, CALL = "notice", "letter", "call"
# What a county's row replaces.
EDITED = ("active", "who", "days", "every", "opening", "channels", "subject", "body", "short")


@dataclass(frozen=True)
class Reminder:
    """One row: about what, how, to whom, when, how often, by which channels, and in which words. See filed.toml.

    `starts_on` is the day from which a county's row holds, None for a filed one.
    """

    code: str
    of: str
    by: str
    name: str
    who: tuple[str, ...]
    may: tuple[str, ...]
    subject: str
    body: str
    short: str = ""
    days: tuple[int, ...] = ()
    of_law: str = ""
    late: bool = False
    every: int = 0
    opening: bool = False
    channels: tuple[str, ...] = ()
    active: bool = True
    starts_on: dt.date | None = None

    @property
    def stem(self) -> str:
        """The reminder's name among those of the same thing: "asked"."""
        return self.code.partition(".")[2]

    def plan(self, law_days: Sequence[int] = ()) -> Plan:
        """Return when it is sent. `law_days` are those of the law, for a row that leaves its days to it."""
        days = self.days or tuple(day for day in law_days if (day > 0) == self.late) if self.of_law else self.days
        return Plan(days, self.every, self.opening)

    def values(self) -> dict[str, Any]:
        """Return what a county may replace, as plain data."""
        found = {name: getattr(self, name) for name in EDITED}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


@cache
def filed() -> Mapping[str, Reminder]:
    """Return the filed reminders by their codes, in their order."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["reminder"]
    return {row["code"]: Reminder(**{name: _frozen(value) for name, value in row.items()}) for row in rows}


def reminders_of(county: str, on: dt.date) -> dict[str, Reminder]:
    """Return the county's reminders of the day by their codes, in the filed order."""
    own = {row.code: row for row in _in_force(county, on)}
    return {code: as_in(own[code], row) if code in own else row for code, row in filed().items()}


def as_in(row: CountyReminder, standard: Reminder) -> Reminder:
    """Return the filed reminder with what the county's row says."""
    values = {name: _frozen(getattr(row, name)) for name in EDITED}
    return replace(standard, **values, starts_on=row.starts_on)


def _in_force(county: str, on: dt.date) -> list[CountyReminder]:
    rows = CountyReminder.objects.filter(county=county, starts_on__lte=on)
    return list(rows.order_by("code", "-starts_on").distinct("code"))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value.strip() if isinstance(value, str) else value

"""The counties as counties.toml describes them: their names and the senders of their letters, by day. No other module
has their names.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("counties.toml")


@dataclass(frozen=True)
class Particulars:
    """A county's name and the head of its letters. `ministry` is the authority that hears an appeal (訴願) against the
    county.
    """

    starts_on: dt.date
    name: str
    address: str
    phone: str
    signatory: str
    department: str
    accounting: str
    ministry: str

    @property
    def office(self) -> str:
        """The county's government: 高雄縣政府."""
        return f"{self.name}政府"


def _read(text: str) -> dict[str, tuple[Particulars, ...]]:
    """Return each county's particulars by its slug, the oldest first; what a later part leaves out is taken from the
    one before.
    """
    return {
        row["slug"]: tuple(map(_particulars, accumulate(row["since"], _later))) for row in tomllib.loads(text)["county"]
    }


def _later(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**before, **now}


def _particulars(row: Mapping[str, Any]) -> Particulars:
    values = {key: value for key, value in row.items() if key != "from"}
    return Particulars(**values | {"starts_on": row["from"], "address": row["address"].format(county=row["name"])})


_COUNTIES = _read(FILE.read_text(encoding="utf-8"))
SLUGS = tuple(_COUNTIES)


def particulars(county: str, on: dt.date) -> Particulars:
    """Return the particulars in force on a day."""
    return [row for row in _COUNTIES[county] if row.starts_on <= on][-1]


def names_of(county: str) -> tuple[str, ...]:
    """Return every name that the county ever had, the oldest first."""
    return tuple(dict.fromkeys(row.name for row in _COUNTIES[county]))


def name_of(county: str, on: dt.date) -> str:
    """Return the county's name on a day: 高雄縣, from 2010-12-25 on 高雄市."""
    return particulars(county, on).name


def office_of(county: str, on: dt.date) -> str:
    """Return the name of the county's government on a day: 高雄縣政府."""
    return particulars(county, on).office

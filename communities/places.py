"""The townships and the names that they have had: rows that each process keeps for some seconds.

A portal begins with those of communities/data/townships.csv, one row a name. Afterwards the counties change them on screen.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.functional import lazy

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.kept import Kept

TOWNSHIPS = Path(__file__).parent / "data" / "townships.csv"
NEIGHBOURS = Path(__file__).parent / "data" / "neighbours.csv"


@dataclass(frozen=True)
class Name:
    """A name of a township from one day to another, both inclusive; None is open."""

    code: str
    county: str
    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def holds(self, on: dt.date) -> bool:
        return (self.valid_from or dt.date.min) <= on <= (self.valid_to or dt.date.max)


@dataclass(frozen=True, eq=False)
class Names:
    """All names, as they were read at one time."""

    rows: tuple[Name, ...]

    @cached_property
    def by_code(self) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = {}
        for row in sorted(self.rows, key=lambda row: row.valid_from or dt.date.min):
            found.setdefault(row.code, []).append(row)
        return found

    @cached_property
    def by_county(self) -> dict[str, list[str]]:
        """The codes of each county, in the order of its townships."""
        found: dict[str, dict[str, None]] = {}
        for row in self.rows:
            found.setdefault(row.county, {})[row.code] = None
        return {county: list(codes) for county, codes in found.items()}

    def on(self, code: str, day: dt.date) -> str:
        """Return the township's name of the day, before its first one the first; "" if the township is unknown."""
        rows = self.by_code.get(code, [])
        return next((row.name for row in rows if row.holds(day)), rows[0].name if rows else "")


def _read() -> Names:
    # By its name: naming stands below the models.
    rows = (
        apps.get_model("communities", "TownshipName").objects.select_related("township").order_by("township__position")
    )
    return Names(
        tuple(Name(row.township_id, row.township.county, row.name, row.valid_from, row.valid_to) for row in rows)
    )


KEPT = Kept(_read)
# What the parts of a county are called, and those of a city that was one.
OF_A_COUNTY, OF_A_CITY = "鄉鎮市", "區"


def kinds(*counties: str) -> str:
    """Return what the townships of these counties, of all without any, are called today: 鄉鎮市, or 區 in a city."""
    return _kinds(KEPT.get(), clock.today(), counties)


@lru_cache(maxsize=64)
def _kinds(names: Names, day: dt.date, counties: tuple[str, ...]) -> str:
    rows = [row.name for row in names.rows if row.holds(day) and (not counties or row.county in counties)]
    districts = [name.endswith(OF_A_CITY) for name in rows]
    if districts and all(districts):
        return OF_A_CITY
    return OF_A_COUNTY + OF_A_CITY if any(districts) else OF_A_COUNTY


# The word for a label where it is not known whose townships they are.
TOWNSHIP = lazy(kinds, str)()


def filed() -> list[dict[str, str]]:
    """Return the rows of the file."""
    with TOWNSHIPS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def filed_names() -> Names:
    rows = [
        (row["code"], row["county"], row["name"], _day(row["valid_from"]), _day(row["valid_to"])) for row in filed()
    ]
    return Names(tuple(Name(*row) for row in rows))


def load_townships(township_model: Any, name_model: Any) -> None:
    """Add the townships of the file that are not there yet, in its order; what is there stays, because counties may have
    changed it. The models are arguments because the migration has its own.
    """
    rows = filed()
    present = set(township_model.objects.values_list("code", flat=True))
    missing, names = {}, []
    for place, code in enumerate(dict.fromkeys(row["code"] for row in rows), 1):
        if code not in present:
            own = next(row for row in rows if row["code"] == code)
            missing[code] = township_model(
                code=code, county=own["county"], postal_code=own["postal_code"], position=place
            )
    for row in rows:
        if township := missing.get(row["code"]):
            from_day, to_day = _day(row["valid_from"]), _day(row["valid_to"])
            names.append(name_model(township=township, name=row["name"], valid_from=from_day, valid_to=to_day))
    township_model.objects.bulk_create(missing.values())
    name_model.objects.bulk_create(names)
    KEPT.forget_on_commit()


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Return the townships that share a border, by the code of each (communities/data/neighbours.csv)."""
    found: dict[str, set[str]] = {}
    with NEIGHBOURS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["code"], set()).add(row["neighbour"])
            found.setdefault(row["neighbour"], set()).add(row["code"])
    return {code: frozenset(codes) for code, codes in found.items()}


def hang_together(codes: Iterable[str]) -> bool:
    """Return whether one can walk from each of these townships to all others without leaving them."""
    left = set(codes)
    reached = {left.pop()} if left else set()
    while step := {code for code in left if any(code in neighbours().get(one, ()) for one in reached)}:
        reached |= step
        left -= step
    return not left

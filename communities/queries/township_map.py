"""A county as a map of tiles: one square a township, roughly where it lies, with how many associations it has by tier, today
or as it was decided for a year.

The places of the tiles are drawn in communities/data/township_tiles.csv; a township without one (a new county) stands in
rows below the others.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

import communities
from communities import places, queries
from communities.enums import Tier, TierDecisionStatus
from communities.models import Organisation, TierDecision
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.lib.prepared import Prepared

from .tier_years import Cell

_TILES = Path(communities.__file__).parent / "data" / "township_tiles.csv"
# The side of a tile in the units of the picture, and how many of those without a place stand in a row.
SIDE, WIDE = 100, 6
# How dark a tile is at most.
STEPS = 4


@dataclass(frozen=True)
class Tile:
    """A township on the map: `x` and `y` in units of the picture, `shade` from 0 (none) to STEPS (most)."""

    code: str
    name: str
    x: int
    y: int
    total: int
    excellent: int
    potential: int
    basic: int
    shade: int

    @property
    def level(self) -> int:
        """The tier that the mean of its associations is nearest to, 1 to 3; 0 without any."""
        tiers = (Tier.EXCELLENT, self.excellent), (Tier.POTENTIAL, self.potential), (Tier.BASIC, self.basic)
        return Cell({tier: number for tier, number in tiers if number}).level

    @property
    def graded(self) -> int:
        return self.total - self.ungraded

    @property
    def short(self) -> str:
        """The name without its last character, as people say it."""
        return self.name[:-1] or self.name

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2 - 2

    @property
    def line(self) -> int:
        return self.y + 44

    @property
    def below(self) -> int:
        return self.y + 76

    @property
    def ungraded(self) -> int:
        return self.total - self.excellent - self.potential - self.basic


@dataclass(frozen=True)
class TownshipMap:
    """The tiles of a county, by their place in its list, with the size of the picture."""

    county: str
    name: str
    tiles: list[Tile]

    @property
    def kinds(self) -> str:
        """What its townships are called."""
        return places.kinds(self.county)

    @property
    def width(self) -> int:
        return max((tile.x for tile in self.tiles), default=0) + SIDE + 6

    @property
    def height(self) -> int:
        return max((tile.y for tile in self.tiles), default=0) + SIDE + 6

    @property
    def total(self) -> int:
        return sum(tile.total for tile in self.tiles)


@cache
def _places() -> dict[str, tuple[int, int]]:
    with _TILES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def maps(slugs: list[str], year: int | None = None) -> list[TownshipMap]:
    """Return the maps of these counties, which count the bodies of the public directory by their tier, or by that of a
    year (AD). One query of the bodies.
    """
    counts: dict[str, Counter[str]] = {}
    for code, tier, number in _BODIES(tuple(slugs), year):
        counts.setdefault(code or "", Counter())[tier or ""] += number
    names = dict(counties.choices())
    most = max((sum(one.values()) for one in counts.values()), default=0)
    return [TownshipMap(slug, names[slug], _tiles(slug, counts, most)) for slug in slugs]


def _bodies(slugs: tuple[str, ...], year: int | None) -> QuerySet[Organisation, Any]:
    bodies = queries.listed().filter(county__in=slugs).order_by()
    if year:
        decided = TierDecision.objects.filter(
            organisation=OuterRef("pk"), year=year, status=TierDecisionStatus.CONFIRMED
        )
        bodies = bodies.annotate(shown_tier=Subquery(decided.order_by("-pk").values("tier")[:1]))
    rows = bodies.values_list("township", "shown_tier" if year else "current_tier")
    return rows.annotate(n=Count("pk"))


_BODIES = Prepared(_bodies)


def _tiles(county: str, counts: dict[str, Counter[str]], most: int) -> list[Tile]:
    codes = [place.code for place in queries.townships_of(county)]
    below = max((row for code in codes for _column, row in [_places().get(code, (0, -1))]), default=-1) + 1
    without = [code for code in codes if code not in _places()]
    found = []
    for code in codes:
        spare = without.index(code) if code in without else 0
        column, row = _places().get(code, (spare % WIDE, below + spare // WIDE))
        here = counts.get(code, Counter())
        total = sum(here.values())
        tiers = (here[Tier.EXCELLENT], here[Tier.POTENTIAL], here[Tier.BASIC])
        shade = -(-total * STEPS // most) if most else 0
        found.append(Tile(code, queries.township_name(code), column * SIDE, row * SIDE, total, *tiers, shade))
    return found

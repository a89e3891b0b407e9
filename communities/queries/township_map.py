"""A county as a map of tiles: one square a township, roughly where it lies, with how many associations it has by tier, today
or as it was decided for a year.

The places of the tiles are drawn in communities/data/township_tiles.csv; a township without one (a new county) stands in
rows below the others. Tiles and rows are put together here: a template takes several times as long for some 45 of each.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import communities
from communities import places, queries
from communities.enums import Tier, TierDecisionStatus
from communities.models import Organisation, TierDecision
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.lib.markup import filled, joined
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.roc_date import roc_year

from .tier_years import Cell

_TILES = Path(communities.__file__).parent / "data" / "township_tiles.csv"
# The side of a tile in the units of the picture, and how many of those without a place stand in a row.
SIDE, WIDE = 100, 6
# How dark a tile is at most.
STEPS = 4


_TILE = (
    '<a href="?township={}{}#found"{}><title>{}</title><rect class="{}" x="{}" y="{}" width="96" height="96" rx="8"/>'
    '<text x="{}" y="{}">{}</text><text class="n" x="{}" y="{}">{}</text></a>\n'
)
_ROW = '<tr><th scope="row"><a href="?township={}#found">{}</a></th>{}</tr>\n'
_CELL = '<td class="num" data-label="{}">{}</td>'


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
    def ungraded(self) -> int:
        return self.total - self.excellent - self.potential - self.basic


@dataclass(frozen=True)
class TownshipMap:
    """The tiles of a county, by their place in its list, with the size of the picture."""

    county: str
    name: str
    tiles: list[Tile]
    # The year (民國) whose tiers are shown, and the township whose bodies are.
    year: int | None = None
    chosen: str = ""

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

    @property
    def picture(self) -> SafeString:
        """The tiles; one leads to the township's bodies in the directory."""
        words = (
            _("%(name)s，%(year)s 年績優 %(best)s、潛力 %(middle)s、基本 %(base)s")
            if self.year
            else _("%(name)s，%(count)s 個單位")
        )
        year = f"&year={self.year}" if self.year else ""
        return joined([self._drawn(tile, words, year) for tile in self.tiles])

    def _drawn(self, tile: Tile, words: str, year: str) -> SafeString:
        said = {"best": tile.excellent, "middle": tile.potential, "base": tile.basic}
        title = words % ({"name": tile.name, "count": tile.total, "year": self.year} | said)
        look = f"heat-{tile.level}" if self.year else f"shade-{tile.shade}"
        here = filled(' aria-current="{}"', ["true"]) if tile.code == self.chosen else ""
        middle, number = tile.x + SIDE // 2 - 2, tile.graded if self.year else tile.total
        # The name without its last character, as people say it.
        short = tile.name[:-1] or tile.name
        place = (tile.x, tile.y, middle, tile.y + 44, short, middle, tile.y + 76, number)
        return filled(_TILE, (tile.code, year, here, title, look, *place))

    @property
    def body(self) -> SafeString:
        """The rows of the table."""
        heads = (_("績優型"), _("潛力型"), _("基本型"), _("沒有分級"), _("合計"))
        rows = []
        for tile in self.tiles:
            numbers = (tile.excellent, tile.potential, tile.basic, tile.ungraded, tile.total)
            cells = joined([filled(_CELL, cell) for cell in zip(heads, numbers, strict=True)])
            rows.append(filled(_ROW, (tile.code, tile.name, cells)))
        return joined(rows)


@cache
def _places() -> dict[str, tuple[int, int]]:
    with _TILES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def maps(slugs: list[str], year: int | None = None, chosen: str = "") -> list[TownshipMap]:
    """Return the maps of these counties, which count the bodies of the public directory by their tier, or by that of a
    year (AD). One query of the bodies, of an index alone for the tiers of today.
    """
    counts: dict[str, Counter[str]] = {}
    for code, tier, number in _BODIES(tuple(slugs), year):
        counts.setdefault(code or "", Counter())[tier or ""] += number
    names = dict(counties.choices())
    most = max((sum(one.values()) for one in counts.values()), default=0)
    shown = roc_year(year) if year else None
    return [TownshipMap(slug, names[slug], _tiles(slug, counts, most), shown, chosen) for slug in slugs]


def _bodies(slugs: tuple[str, ...], year: int | None) -> QuerySet[Organisation, Any]:
    bodies = queries.listed().filter(county__in=slugs).order_by()
    if year:
        decided = TierDecision.objects.filter(
            organisation=OuterRef("pk"), year=year, status=TierDecisionStatus.CONFIRMED
        )
        bodies = bodies.annotate(shown_tier=Subquery(decided.order_by("-pk").values("tier")[:1]))
    rows = bodies.values_list("township", "shown_tier" if year else "current_tier")
    return rows.annotate(n=Count("*"))


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

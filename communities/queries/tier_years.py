"""The tiers of townships by year: how many associations of each tier, and how they stand on the whole."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from communities.enums import Tier, TierDecisionStatus
from communities.models import Organisation, TierDecision
from communities.queries import townships_of
from miaoli_kaohsiung.lib.roc_date import roc_year

# So many years stand side by side, the newest last.
MOST_YEARS = 6
_POINTS = {Tier.EXCELLENT: 3, Tier.POTENTIAL: 2, Tier.BASIC: 1}
_WORDS: dict[str, str | Promise] = {
    Tier.EXCELLENT: _l("績優"),
    Tier.POTENTIAL: _l("潛力"),
    Tier.BASIC: _l("基本"),
}
# What a colour says, by its number; 0 is a year without tiers.
LEVELS: list[tuple[int, str | Promise]] = [
    (3, _l("平均在績優型")),
    (2, _l("平均在潛力型")),
    (1, _l("平均在基本型")),
    (0, _l("沒有分級")),
]


@dataclass(frozen=True)
class Cell:
    """A township in a year: the `counts` of its tiers."""

    counts: dict[str, int]

    @property
    def level(self) -> int:
        """The tier that the mean is nearest to, 1 to 3; a half counts upwards. 0 without any."""
        number = sum(self.counts.values())
        points = sum(_POINTS[Tier(tier)] * count for tier, count in self.counts.items())
        return (2 * points + number) // (2 * number) if number else 0

    @property
    def words(self) -> str:
        return "、".join(f"{_WORDS[tier]} {self.counts[tier]}" for tier in Tier if self.counts.get(tier)) or "—"


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


def years_of(counties: list[str]) -> list[int]:
    """Return the years (AD) in which associations of the counties have a tier, the newest first."""
    rows = TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED, organisation__county__in=counties)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct()[:MOST_YEARS])


def graded_in(rows: QuerySet[Organisation], year: int, tier: str = "") -> QuerySet[Organisation]:
    """Return the bodies whose tier for a year (AD) is this one, any tier without one; each has it in `tier_then`. Of
    several decisions of the year the newest counts.
    """
    given = TierDecision.objects.filter(organisation=OuterRef("pk"), year=year, status=TierDecisionStatus.CONFIRMED)
    rows = rows.annotate(tier_then=Subquery(given.order_by("-pk").values("tier")[:1]))
    return rows.filter(tier_then=tier) if tier else rows.exclude(tier_then=None)


def newest(rows: QuerySet[TierDecision]) -> QuerySet[TierDecision]:
    """Return of these decisions the newest for each association and year."""
    return rows.order_by("organisation_id", "year", "-pk").distinct("organisation_id", "year")


def by_township(counties: list[str]) -> tuple[list[int], list[Row]]:
    """Return the years (民國) and a row for each township of the counties. Of several decisions about an association in a
    year the newest counts. One query for the tiers.
    """
    rows = TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED, organisation__county__in=counties)
    rows = newest(rows.exclude(organisation__township=None))
    found: dict[tuple[str, int], dict[str, int]] = {}
    for code, year, tier in rows.values_list("organisation__township", "year", "tier"):
        counts = found.setdefault((code, year), {})
        counts[tier] = counts.get(tier, 0) + 1
    years = sorted({year for _code, year in found})[-MOST_YEARS:]
    places = [place for county in counties for place in townships_of(county)]
    table = [Row(place.name, [Cell(found.get((place.code, year), {})) for year in years]) for place in places]  # type: ignore[attr-defined]  # annotated
    return [roc_year(year) for year in years], table

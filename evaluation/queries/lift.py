"""Why an association has its tier, and what would lift it: which indicators lack how many points, and what can be done."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from communities.enums import Tier, TierBasis
from communities.models import TierDecision
from evaluation import rules
from evaluation.defaults import ADVICE
from evaluation.enums import Dimension, RoundStatus
from evaluation.models import Entry, Indicator, Score

# By a tier the next higher one, and the column of the round with the points that it asks for.
_ABOVE = {Tier.BASIC: (Tier.POTENTIAL, "potential_from"), Tier.POTENTIAL: (Tier.EXCELLENT, "excellent_from")}


@dataclass(frozen=True)
class Gain:
    """An indicator with the mean of the judges and what lacks to its full points; `enough` marks those that, done in
    full, would reach the next tier together.
    """

    indicator: Indicator
    mean: Decimal
    missing: Decimal
    enough: bool

    @property
    def advice(self) -> str:
        return str(ADVICE.get(self.indicator.name, ""))


@dataclass(frozen=True)
class Lift:
    """The entry behind a tier: its `total`, the next tier with the points that lack, and the indicators, the largest
    gain first. `reached` is what the marked ones would bring.
    """

    entry: Entry
    total: Decimal
    following: Tier | None
    needed: Decimal
    gains: list[Gain]

    @property
    def chosen(self) -> list[Gain]:
        return [gain for gain in self.gains if gain.enough]

    @property
    def reached(self) -> Decimal:
        return sum((gain.missing for gain in self.chosen), Decimal())

    @property
    def parts(self) -> list[tuple[str, Decimal, int]]:
        """The dimensions: name, what it got, its full points."""
        found = []
        for dimension in Dimension:
            own = [gain for gain in self.gains if gain.indicator.dimension == dimension]
            points = sum(gain.indicator.points for gain in own)
            found.append((str(dimension.label), sum((gain.mean for gain in own), Decimal()), points))
        return found


def lift_of(decision: TierDecision) -> Lift | None:
    """Return what stands behind a tier that an evaluation gave; None for one that was decided by itself."""
    if decision.basis != TierBasis.EVALUATION:
        return None
    rows = Entry.objects.filter(organisation=decision.organisation_id, round__year=decision.year)
    rows = rows.filter(round__status=RoundStatus.PUBLISHED, total__isnull=False)
    entry = rows.select_related("round").first()
    return _lift(entry) if entry else None


def _lift(entry: Entry) -> Lift:
    total, round_ = entry.total or Decimal(), entry.round
    tier = next((one for one in _ABOVE if total < getattr(round_, _ABOVE[one][1])), None)
    following, column = _ABOVE[tier] if tier else (None, "")
    needed = getattr(round_, column) - total if column else Decimal()
    return Lift(entry, total, following, needed, _gains(entry, needed))


def _gains(entry: Entry, needed: Decimal) -> list[Gain]:
    scores = Score.objects.filter(sheet__entry=entry, sheet__submitted_on__isnull=False).order_by()
    counted = scores.values_list("indicator").annotate(points=Sum("points"), sheets=Count("pk"))
    sums = {key: (points, sheets) for key, points, sheets in counted}
    rows = []
    for indicator in entry.round.indicators.all():
        points, sheets = sums.get(indicator.pk, (Decimal(), 1))
        mean = rules.rounded(rules.mean([points]) / sheets, 1)
        rows.append((indicator, mean, indicator.points - mean))
    rows.sort(key=lambda row: (-row[2], row[0].position))
    gains, reached = [], Decimal()
    for indicator, mean, missing in rows:
        enough = reached < needed and missing > 0
        reached += missing if enough else 0
        gains.append(Gain(indicator, mean, missing, enough))
    return gains

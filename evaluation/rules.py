"""The arithmetic of an evaluation, in exact fractions; rounded only where a figure is shown or kept."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

# What a judge may give: whole and half points.
STEP = Decimal("0.5")


@dataclass(frozen=True)
class Result:
    """What an association got: the mean of the sheets in each dimension, and in all."""

    total: Decimal
    by_dimension: Mapping[str, Decimal]


def rounded(value: Fraction, places: int) -> Decimal:
    """Return the value with so many places, a half away from zero (四捨五入)."""
    size = 10**places
    whole = math.floor(abs(value) * size + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def percent(count: int, of: int) -> int:
    """Return how many of a hundred these are, in whole numbers, rounded as the totals are; 0 of none."""
    return int(rounded(Fraction(100 * count, of), 0)) if of else 0


def mean(values: Sequence[Decimal]) -> Fraction:
    """Return the exact mean; raises ZeroDivisionError for none."""
    return sum((Fraction(value) for value in values), Fraction()) / len(values)


def result(sheets: Iterable[Mapping[str, Decimal]], dimensions: Iterable[str], places: int) -> Result | None:
    """Return the result of an association from its judges' sheets, each by dimension; None without any. The total is
    rounded from the exact mean, not added up from rounded parts.
    """
    rows = list(sheets)
    if not rows:
        return None
    parts = {name: mean([row.get(name, Decimal()) for row in rows]) for name in dimensions}
    by_dimension = {name: rounded(value, places) for name, value in parts.items()}
    return Result(rounded(sum(parts.values(), Fraction()), places), by_dimension)


@dataclass(frozen=True)
class Dispersion:
    """How far the sheets of one association lie apart: lowest and highest total, and by sheet how far each lies from the
    mean of the others (none where there is only one).
    """

    lowest: Decimal
    highest: Decimal
    apart: Mapping[int, Fraction]

    @property
    def spread(self) -> Decimal:
        return self.highest - self.lowest

    def outliers(self, limit: Decimal) -> set[int]:
        """Return the sheets that lie so many points or more from the mean of the others."""
        return {sheet for sheet, value in self.apart.items() if abs(value) >= limit}


def dispersion(totals: Mapping[int, Decimal]) -> Dispersion | None:
    """Return how far the sheets of an association, their totals by key, lie apart; None without any."""
    if not totals:
        return None
    whole, count = sum((Fraction(total) for total in totals.values()), Fraction()), len(totals)
    apart = {
        sheet: Fraction(total) - (whole - Fraction(total)) / (count - 1) for sheet, total in totals.items() if count > 1
    }
    return Dispersion(min(totals.values()), max(totals.values()), apart)


def leniency(apart: Sequence[Fraction]) -> Fraction | None:
    """Return by how many points a judge gives more (or, below zero, less) than the others for the same associations; None
    for one who never judged beside another.
    """
    return sum(apart, Fraction()) / len(apart) if apart else None

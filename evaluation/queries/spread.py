"""How far the judges of a round lie apart: by association, by judge, and what would come of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from communities.enums import Tier
from evaluation import rules
from evaluation.models import Entry, Round, Sheet
from miaoli_kaohsiung.accounts.models import User

from .sheets import result_of, results


@dataclass(frozen=True)
class JudgeLine:
    """A judge: how many sheets, their mean, and by how many points more or less than the others they give."""

    person: User
    count: int
    mean: Decimal
    leniency: Decimal | None


@dataclass(frozen=True)
class Apart:
    """An association with a sheet that lies far from the others: lowest and highest total, and whose sheets those are."""

    entry: Entry
    total: Decimal
    lowest: Decimal
    highest: Decimal
    judges: list[str]

    @property
    def spread(self) -> Decimal:
        return self.highest - self.lowest


@dataclass(frozen=True)
class Spread:
    judges: list[JudgeLine]
    apart: list[Apart]


def spread(round_: Round) -> Spread:
    """Return how far the submitted sheets of a round lie apart, in few queries for the whole round."""
    rows = Sheet.objects.filter(entry__round=round_, submitted_on__isnull=False, entry__not_evaluated="")
    sheets = list(rows.select_related("judge", "entry__organisation").annotate(points=Sum("scores__points")))
    by_entry: dict[int, dict[int, Sheet]] = defaultdict(dict)
    for sheet in sheets:
        by_entry[sheet.entry_id][sheet.pk] = sheet
    totals, deviations = results(round_), defaultdict[int, list[Fraction]](list)
    apart = []
    for own in by_entry.values():
        found = rules.dispersion({key: _points(sheet) for key, sheet in own.items()})
        assert found is not None, "there is a sheet"
        for key, value in found.apart.items():
            deviations[own[key].judge_id].append(value)
        if far := found.outliers(Decimal(round_.outlier_points)):
            entry = next(iter(own.values())).entry
            names = sorted(str(own[key].judge) for key in far)
            apart.append(Apart(entry, totals[entry.pk].total, found.lowest, found.highest, names))
    apart.sort(key=lambda one: (-one.spread, one.entry.organisation.name))
    return Spread(_judges(sheets, deviations), apart)


def _points(sheet: Sheet) -> Decimal:
    points: Decimal = sheet.points  # type: ignore[attr-defined]  # annotated
    return points


def _judges(sheets: Sequence[Sheet], deviations: Mapping[int, list[Fraction]]) -> list[JudgeLine]:
    by_judge: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_judge[sheet.judge_id].append(sheet)
    lines = []
    for key, own in by_judge.items():
        lenient = rules.leniency(deviations.get(key, []))
        middle = rules.rounded(rules.mean([_points(sheet) for sheet in own]), 1)
        lines.append(JudgeLine(own[0].judge, len(own), middle, None if lenient is None else rules.rounded(lenient, 1)))
    return sorted(lines, key=lambda line: (str(line.person), line.person.pk))


def tier_of(round_: Round, total: Decimal) -> Tier:
    """Return the tier by the round's cut-offs; each includes its own number."""
    if total >= round_.excellent_from:
        return Tier.EXCELLENT
    return Tier.POTENTIAL if total >= round_.potential_from else Tier.BASIC


def distribution(round_: Round, totals: Mapping[int, Decimal]) -> list[tuple[Tier, int]]:
    """Return how many of these totals each tier would have."""
    counts = dict.fromkeys(Tier, 0)
    for total in totals.values():
        counts[tier_of(round_, total)] += 1
    return list(counts.items())


def totals(round_: Round) -> dict[int, Decimal]:
    """Return by entry the total that stands: what was moderated, else the mean of the sheets; without those that are not
    judged.
    """
    found = results(round_)
    rows = round_.entries.filter(not_evaluated="").values_list("pk", "moderated")
    standing = {}
    for key, moderated in rows:
        if moderated is not None:
            standing[key] = moderated
        elif key in found:
            standing[key] = found[key].total
    return standing


def total_of(entry: Entry) -> Decimal | None:
    """Return the total of one association that stands now."""
    if entry.moderated is not None:
        return entry.moderated
    found = result_of(entry)
    return found.total if found else None

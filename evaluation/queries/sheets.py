"""Reads of the judges' sheets: what waits for a judge, who judges how many, and what the sheets come to."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from evaluation import rules
from evaluation.enums import Dimension, Interest
from evaluation.models import Entry, Round, Score, Sheet
from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of

from .rounds import rounds

DIMENSIONS = tuple(Dimension.values)
# What stands for the township of an association that has none.
NOWHERE = "none"


@dataclass(frozen=True)
class JudgeLoad:
    """A judge with what lies with them in a round."""

    person: User
    assigned: int
    submitted: int
    apart: int

    @property
    def waiting(self) -> int:
        return self.assigned - self.submitted


def own_sheets(user: User) -> QuerySet[Sheet]:
    """Return the user's sheets in the order in which they are gone through: by township and name. Those with an interest
    are not among them.
    """
    rows = Sheet.objects.filter(judge=user, entry__round__in=rounds(user)).exclude(interest=Interest.CONFLICT)
    rows = rows.select_related("entry__round", "entry__organisation", "judge")
    return rows.order_by("entry__organisation__township__position", "entry__organisation__name", "pk")


def waiting_sheets(user: User, round_: Round) -> QuerySet[Sheet]:
    """Return what the judge has still to do."""
    return own_sheets(user).filter(entry__round=round_, submitted_on=None, entry__not_evaluated="")


def candidates(county: str) -> list[User]:
    """Return who may be assigned: the county's reviewers and case officers."""
    found = {person.pk: person for role in SCORERS for person in holders_of(role, county=county)}
    return sorted(found.values(), key=lambda person: (str(person), person.pk))


def loads(round_: Round) -> list[JudgeLoad]:
    """Return everybody who may be assigned or was, with what lies with them."""
    counted = (
        Sheet.objects.filter(entry__round=round_)
        .order_by()
        .values("judge")
        .annotate(
            assigned=Count("pk", filter=~Q(interest=Interest.CONFLICT) & Q(entry__not_evaluated="")),
            submitted=Count("pk", filter=Q(submitted_on__isnull=False, entry__not_evaluated="")),
            apart=Count("pk", filter=Q(interest=Interest.CONFLICT)),
        )
    )
    found = {row["judge"]: (row["assigned"], row["submitted"], row["apart"]) for row in counted}
    people = {person.pk: person for person in candidates(round_.county)}
    people |= User.objects.in_bulk([key for key in found if key not in people])
    ordered = sorted(people.values(), key=lambda person: (str(person), person.pk))
    return [JudgeLoad(person, *found.get(person.pk, (0, 0, 0))) for person in ordered]


def sheets_of(entry: Entry) -> QuerySet[Sheet]:
    """Return the sheets of an association with the sum of each."""
    return entry.sheets.select_related("judge").annotate(points=Sum("scores__points")).order_by("pk")


def results(round_: Round) -> dict[int, rules.Result]:
    """Return by entry what its submitted sheets come to, in one query for the whole round."""
    return _results(round_, Score.objects.filter(sheet__entry__round=round_))


def parts_of(round_: Round, outcome: rules.Result) -> list[tuple[Any, Decimal, int]]:
    """Return the parts of a result: the dimension in words, what it got, its full points."""
    rows = round_.indicators.order_by().values_list("dimension").annotate(full=Sum("points"))
    full = dict(rows)
    return [(Dimension(name).label, points, full.get(name, 0)) for name, points in outcome.by_dimension.items()]


def result_of(entry: Entry) -> rules.Result | None:
    """Return what the submitted sheets of one association come to; None without any."""
    return _results(entry.round, Score.objects.filter(sheet__entry=entry)).get(entry.pk)


def _results(round_: Round, scores: QuerySet[Score]) -> dict[int, rules.Result]:
    sums = scores.filter(sheet__submitted_on__isnull=False).order_by()
    rows = sums.values_list("sheet__entry", "sheet", "indicator__dimension").annotate(total=Sum("points"))
    by_entry: dict[int, dict[int, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for entry, sheet, dimension, total in rows:
        by_entry[entry][sheet][dimension] = total
    found = {}
    for entry, sheets in by_entry.items():
        if outcome := rules.result(sheets.values(), DIMENSIONS, round_.decimals):
            found[entry] = outcome
    return found


def townships_of(round_: Round) -> list[tuple[str, int, int]]:
    """Return (code of the township, associations, of these without a judge), in the order of the county's list."""
    rows = round_.counted_entries().filter(not_evaluated="")
    rows = rows.order_by(F("organisation__township__position").asc(nulls_last=True))
    found: dict[str, list[int]] = {}
    for code, judges in rows.values_list("organisation__township", "judges"):
        counts = found.setdefault(code or "", [0, 0])
        counts[0] += 1
        counts[1] += not judges
    return [(code, every, without) for code, (every, without) in found.items()]


def entries_in(round_: Round, townships: Collection[str]) -> QuerySet[Entry]:
    """Return the associations of these townships that are to be judged."""
    seen = Q(organisation__township__in=townships)
    if NOWHERE in townships:
        seen |= Q(organisation__township=None)
    return round_.entries.filter(seen, not_evaluated="")

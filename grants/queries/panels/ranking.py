"""The cases of a scheme's year in the order of their scores: the weighted mean, how far the reviewers differ, who has not scored."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from statistics import pstdev
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from grants.enums import BEING_CHECKED
from grants.models import Application, ReviewAssignment, Scheme
from grants.queries.reviews import scores
from grants.rules.checklist import WeighedCriterion
from miaoli_kaohsiung.lib import clock, natural

# The criteria of a case with the weights of a day.
Criteria = Callable[[Application, dt.date], Sequence[WeighedCriterion]]
# More than so many points between two reviewers are pointed out.
WIDE = 20


@dataclass(frozen=True)
class Ranked:
    """A case with what its reviewers gave. `rank` is shared by equal means; 0 while nobody has scored."""

    case: Application
    asked: int
    given: list[tuple[ReviewAssignment, float]]
    waiting: list[ReviewAssignment]
    mean: float | None
    spread: float
    rank: int = field(default=0, compare=False)
    # Whether another case has the same rank.
    tied: bool = field(default=False, compare=False)

    @property
    def scored(self) -> int:
        return len(self.given)

    @property
    def progress(self) -> str:
        """How many of those asked have scored: 1/3; "" if nobody was asked."""
        return f"{self.scored}/{self.asked}" if self.asked else ""

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the reviewers' totals, one decimal; None while nobody has scored."""
        return round(pstdev(total for _row, total in self.given), 1) if self.given else None

    @property
    def highest(self) -> float | None:
        return max((total for _row, total in self.given), default=None)

    @property
    def lowest(self) -> float | None:
        return min((total for _row, total in self.given), default=None)

    @property
    def late(self) -> list[ReviewAssignment]:
        """Those whose day has passed."""
        return [row for row in self.waiting if row.due_on < clock.today()]

    @property
    def wide(self) -> bool:
        return self.spread > WIDE


def of_scheme(cases: QuerySet[Application], scheme: Scheme, year: int, criteria: Criteria) -> list[Ranked]:
    """Return the cases among these that were first filed for the scheme in the year and of which reviewers were asked,
    or that wait for that.
    """
    reviewed = Q(Exists(ReviewAssignment.objects.filter(application=OuterRef("pk")))) | Q(status__in=BEING_CHECKED)
    return ranked_for(cases.filter(reviewed, first_filed_on__year=year), scheme, criteria)


def years_of(cases: QuerySet[Application], scheme: Scheme) -> list[int]:
    """Return the years in which cases of the scheme were first filed, the newest first; this year always among them."""
    found = cases.filter(scheme=scheme, first_filed_on__isnull=False).order_by()
    years = {day.year for day in found.dates("first_filed_on", "year")}
    return sorted(years | {clock.today().year}, reverse=True)


def ranked_for(cases: QuerySet[Application], scheme: Scheme, criteria: Criteria) -> list[Ranked]:
    """Return the scheme's cases among these in their order, each scored as its own law says."""
    found = list(with_scores(cases.filter(scheme=scheme)))
    for case in found:
        # One object for all, so that its rulings are read once.
        case.scheme = scheme
    return ranked(found, lambda case: cache(partial(criteria, case)))


def with_scores(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Return the cases with all that `ranked` reads, in a few queries however many they are."""
    assignments = ReviewAssignment.objects.select_related("reviewer").prefetch_related("scores").order_by("pk")
    rows = cases.select_related("organisation", "programme", "filed_under").defer("search")
    return rows.prefetch_related(Prefetch("assignments", assignments))


def ranked(cases: Iterable[Application], weights: Callable[[Application], scores.Weights]) -> list[Ranked]:
    """Return the cases by their weighted mean, the best on top, those that nobody has scored at the end."""
    found = [_of(case, weights(case)) for case in cases]
    found.sort(key=lambda row: (row.mean is None, -(row.mean or 0), natural.key(row.case.number)))
    better = [row.mean for row in found if row.mean is not None]
    return [replace(row, rank=_rank(row, better), tied=better.count(row.mean or 0) > 1) for row in found]


def _rank(row: Ranked, means: Sequence[float]) -> int:
    return 0 if row.mean is None else 1 + sum(1 for mean in means if mean > row.mean)


def _of(case: Application, weights: scores.Weights) -> Ranked:
    today = clock.today()
    rows = [row for row in case.assignments.all() if not row.apart]
    table = scores.table_of(rows, weights, today)
    given = table.by_reviewer if table else []
    done = {row.pk for row, _total in given}
    # Once it is proposed, nobody is waited for.
    waiting = [row for row in rows if row.pk not in done and case.status in BEING_CHECKED]
    return Ranked(case, len(rows), given, waiting, table.mean if table else None, table.spread if table else 0.0)


def progress(cases: Iterable[int]) -> dict[int, str]:
    """Return by case how many of the reviewers asked have scored: 1/3; nothing for cases in which nobody was asked."""
    rows: Any = (
        ReviewAssignment.objects.filter(application__in=list(cases))
        .exclude(interest=ReviewAssignment.Interest.CONFLICT)
        .order_by()
        .values("application")
        .annotate(asked=Count("pk"), scored=Count("pk", filter=Q(submitted_on__isnull=False)))
    )
    return {row["application"]: f"{row['scored']}/{row['asked']}" for row in rows}

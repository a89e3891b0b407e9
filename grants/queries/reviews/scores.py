"""The result of the reviewers' scores: each weighted as it was when it was given, and how far the reviewers differ."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grants.models import ReviewAssignment, ReviewScore
from grants.rules.checklist import WeighedCriterion

# The criteria with the weights of a day.
Weights = Callable[[dt.date], Sequence[WeighedCriterion]]


@dataclass(frozen=True)
class Row:
    """A criterion with the score of each reviewer, in the order of the table's reviewers."""

    criterion: WeighedCriterion
    share: str
    scores: tuple[ReviewScore, ...]
    mean: float
    spread: int


@dataclass(frozen=True)
class Table:
    """The scores of all reviewers who have scored every criterion; `totals` and `mean` are weighted. `earlier`: somebody
    scored under other weights than those of today, which the rows show.
    """

    reviewers: tuple[ReviewAssignment, ...]
    rows: tuple[Row, ...]
    totals: tuple[float, ...]
    mean: float
    spread: float
    earlier: bool = False

    @property
    def by_reviewer(self) -> list[tuple[ReviewAssignment, float]]:
        return list(zip(self.reviewers, self.totals, strict=True))


def table_of(assignments: Sequence[ReviewAssignment], weights: Weights, today: dt.date) -> Table | None:
    """Return the table of a case; None while nobody has scored, or if nothing is scored. `scores` are prefetched."""
    criteria = weights(today)
    given = [(row, scores) for row in assignments if not row.apart and (scores := _complete(row, criteria))]
    if not given:
        return None
    at_the_time = [weights(row.submitted_on or today) for row, _scores in given]
    totals = tuple(_weighed(scores, own) for (_row, scores), own in zip(given, at_the_time, strict=True))
    whole = sum(criterion.weight for criterion in criteria)
    rows = []
    for criterion in criteria:
        column = tuple(scores[criterion.code] for _row, scores in given)
        points = [score.score for score in column]
        share = f"{criterion.weight * 100 / whole:g}%"
        rows.append(Row(criterion, share, column, _mean(points), max(points) - min(points)))
    spread = round(max(totals) - min(totals), 1)
    return Table(
        tuple(row for row, _scores in given),
        tuple(rows),
        totals,
        _mean(totals),
        spread,
        any(own != criteria for own in at_the_time),
    )


def weighed(assignment: ReviewAssignment, weights: Weights, today: dt.date) -> float | None:
    """Return the reviewer's score of the case, 0 to 100; None before all criteria are scored."""
    criteria = weights(assignment.submitted_on or today)
    scores = _complete(assignment, criteria)
    return _weighed(scores, criteria) if scores else None


def _complete(assignment: ReviewAssignment, criteria: Sequence[WeighedCriterion]) -> dict[str, ReviewScore]:
    """Return the scores by criterion; empty if one is missing, or if the law has nothing scored."""
    scores = {score.criterion: score for score in assignment.scores.all()}
    return scores if criteria and all(criterion.code in scores for criterion in criteria) else {}


def _weighed(scores: dict[str, ReviewScore], criteria: Sequence[WeighedCriterion]) -> float:
    whole = sum(criterion.weight for criterion in criteria)
    return round(sum(scores[one.code].score * one.weight for one in criteria) / whole, 1)


def _mean(points: Sequence[float]) -> float:
    return round(sum(points) / len(points), 1)

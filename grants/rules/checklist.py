"""What a reviewer ticks or refuses before a decision: the clauses of enforcement R that are for this case."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from grants.rules import catalogue
from grants.rules.facts import Case
from grants.rules.ruleset import RuleSet

# When an item can be answered, if not at the check: once reviewers have scored, if there is a result of last year, once the
# money was spent.
SCORES, LAST_YEAR, SPENT = "scores", "last_year", "spent"
# Where it is looked up, if the clause says nothing else.
PLAN, BUDGET = "plan", "budget"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item to tick or refuse; `line` is the budget line to decide on, if the clause is about an item. `asked` is when
    it can be answered, `place` where it is looked up.
    """

    clause: str
    label: str
    text: str
    line: str | None = None
    asked: str = ""
    place: str = PLAN


class WeighedCriterion(NamedTuple):
    """One criterion that reviewers score, with its weight of a day."""

    code: str
    title: str
    clause: str
    weight: int


def review_criteria(ruleset: RuleSet, on: dt.date) -> tuple[WeighedCriterion, ...]:
    """Return the criteria of 陸、三 with their weights, equal until the county rules otherwise; empty if the law has none."""
    rows = catalogue.review_criteria(ruleset.slug)
    weights = ruleset.value("review.weights", on, "lenient") if rows else ()
    return tuple(
        WeighedCriterion(row.code, row.name, row.clause, weight) for row, weight in zip(rows, weights, strict=True)
    )


def checklist(case: Case, ruleset: RuleSet) -> tuple[ChecklistItem, ...]:
    """Return the items for the case in the order of the law; items about a line, such as equipment, once for each line."""
    lines = [(line.id, line.item) for line in case.lines]
    return items(ruleset, case.project.programme, lines)


def items(ruleset: RuleSet, programme: str, lines: Iterable[tuple[str, str]]) -> tuple[ChecklistItem, ...]:
    """Return the items for a programme and its lines (id, item) in the order of the law."""
    found, rows = [], list(lines)
    for clause in ruleset.clauses.values():
        if "R" not in clause.enforcement:
            continue
        item = partial(ChecklistItem, clause.id, clause.label, clause.checklist, asked=clause.asked)
        about = [line for line, kind in rows if kind in clause.applies]
        if not clause.applies or programme in clause.applies:
            found.append(item(place=clause.place or PLAN))
        elif clause.each_line:
            found += [item(line=line, place=clause.place or BUDGET) for line in about]
        elif about:
            found.append(item(place=clause.place or BUDGET))
    return tuple(found)

"""What a reviewer ticks or refuses before a decision: the clauses of enforcement R that are for this case."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from grants.rules import catalogue
from grants.rules.facts import Case
from grants.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item to tick or refuse; `line` is the budget line to decide on, if the clause is about an item."""

    clause: str
    label: str
    text: str
    line: str | None = None


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
    found = []
    present = {line.item for line in case.lines}
    for clause in ruleset.clauses.values():
        if "R" not in clause.enforcement:
            continue
        if not clause.applies or case.project.programme in clause.applies:
            found.append(ChecklistItem(clause.id, clause.label, clause.checklist))
        elif clause.each_line:
            found += [
                ChecklistItem(clause.id, clause.label, clause.checklist, line.id)
                for line in case.lines
                if line.item in clause.applies
            ]
        elif present.intersection(clause.applies):
            found.append(ChecklistItem(clause.id, clause.label, clause.checklist))
    return tuple(found)

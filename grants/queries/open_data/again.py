"""What is published of a decided case so that anybody can reckon it again: numbers and yes or no, nothing of a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from grants.enums import EvaluationStage
from grants.models import Award, StoredEvaluation
from grants.rules.again import figures
from grants.rules.catalogue import items_of, quantities_of, questions
from grants.rules.ruleset import RuleSet

# What may be published, key by key: a new fact is left out until somebody adds it here.
ORGANISATION = ("kind", "county", "township", "nonprofit", "manpower_grant", "applications_this_year")
PROJECT = ("programme", "starts_on", "ends_on", "service_area", "joint_total")
LINE = ("id", "item", "requested", "own_funds", "other_funds", "unit_price", "employment", "month", "service_months")
PLAIN_TYPES = ("int", "number", "money", "bool")


def decided(award: Award) -> StoredEvaluation | None:
    """Return the evaluation on which the award was last decided."""
    rows = StoredEvaluation.objects.filter(application=award.application_id, stage=EvaluationStage.APPROVAL)
    return rows.order_by("-pk").first()


def decided_by_law(cases: Iterable[int]) -> set[int]:
    """Return those of the cases that have such an evaluation."""
    rows = StoredEvaluation.objects.filter(application__in=list(cases), stage=EvaluationStage.APPROVAL)
    return set(rows.values_list("application_id", flat=True))


def document(stored: StoredEvaluation, law: RuleSet) -> dict[str, Any]:
    """Return facts, law and figures as published; `law` is the rule set of the evaluation."""
    case = stored.facts["case"]
    known = quantities_of(law.data)
    counted = tuple(key for key, quantity in known.items() if quantity.type in PLAIN_TYPES)
    answers = tuple(key for key, question in questions().items() if question.type in PLAIN_TYPES)
    facts = {
        "submitted_on": case["submitted_on"],
        "stage": case["stage"],
        "organisation": _of(case["organisation"], ORGANISATION),
        "project": _of(case["project"], (*PROJECT, *answers)),
        "lines": [_of(line, (*LINE, *counted)) for line in case.get("lines", ())],
    }
    return {
        "facts": facts,
        "law": {"slug": law.slug, "files": dict(law.files), "rulings": stored.rulings},
        "published": _published(stored, law, case),
    }


def _of(facts: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: facts[key] for key in keys if key in facts}


def _published(stored: StoredEvaluation, law: RuleSet, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures that were decided on, without lines whose limit rests on facts about children."""
    known = items_of(law.data)
    kept = {line["id"] for line in case.get("lines", ()) if "children" not in known[line["item"]].needed.split()}
    shown = figures(stored.result)
    return shown | {"lines": {line: rows for line, rows in shown["lines"].items() if line in kept}}


def lines(published: Mapping[str, Any], law: RuleSet) -> list[dict[str, Any]]:
    """Return a row for each line as the page shows it: item, what it counts, amount, the lowest limit if there is one."""
    known = items_of(law.data)
    rows = []
    for line in published["facts"]["lines"]:
        item = known[line["item"]]
        limits = published["published"]["lines"].get(line["id"], ())
        counted = [f"{line[q.key]} {q.unit}" for q in item.quantities if q.unit and q.key in line]
        rows.append(
            {
                "id": line["id"],
                "name": item.name,
                "counted": " × ".join(counted),
                "requested": line.get("requested"),
                "allowed": min((limit["allowed"] for limit in limits), default=None),
                "clauses": list(dict.fromkeys(limit["clause"] for limit in limits)),
                "hidden": "children" in item.needed.split(),
            }
        )
    return rows

"""Stored evaluations as an auditor reads them: what went in, the law, what it found and how it was computed."""

import json
from dataclasses import dataclass
from typing import Any

from grants.models import Application, StoredEvaluation
from grants.rules import catalogue
from grants.rules.ruleset import load

from .margins import Lawbook


@dataclass(frozen=True)
class ShownFinding:
    """A finding, or a limit that was kept: its place, its clauses, its words and numbers as they were stored."""

    place: str
    laws: tuple[tuple[str, str], ...]
    finding: dict[str, Any]


def of_case(case: Application) -> list[StoredEvaluation]:
    """Return the case's stored evaluations, oldest first."""
    return list(case.evaluations.order_by("id"))


def shown(case: Application, row: StoredEvaluation) -> dict[str, Any]:
    """Return the parts of a stored evaluation for the page; nothing is computed again."""
    book = Lawbook(load(row.ruleset), case.scheme.slug)
    places = _places(row)

    def each(kind: str) -> list[ShownFinding]:
        return [
            ShownFinding(places.get(finding["line"], ""), book.links(finding["clause"]), finding)
            for finding in row.result[kind]
        ]

    return {
        "findings": each("findings"),
        "limits": each("limits"),
        "totals": row.result["totals"],
        "rulings": row.rulings,
        "waived": row.facts["waived"],
        "facts": json.dumps(row.facts, ensure_ascii=False, sort_keys=True, indent=1),
        "parameters": row.result["parameters_read"],
    }


def _places(row: StoredEvaluation) -> dict[str, str]:
    lines = row.facts["case"].get("lines", ())
    return {line["id"]: f"{place}　{catalogue.items()[line['item']].name}" for place, line in enumerate(lines, 1)}

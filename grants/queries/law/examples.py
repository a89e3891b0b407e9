"""Worked examples beside a clause, from the engine itself: what passes at the limit, and what one dollar more brings."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from grants.rules import catalogue, engine, facts
from grants.rules.findings import TWD, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib import money

FAR_ABOVE = 9_999_999
# The rest of the same budget, from which the shares are counted.
BESIDE = 90_000


@dataclass(frozen=True)
class Example:
    """A line that asks for the limit passes; for one dollar more the portal says `says`. In whole NT dollars."""

    item: str
    figures: str
    limit: int
    over: int
    says: str


@lru_cache(maxsize=64)
def examples(ruleset: RuleSet, on: dt.date) -> dict[str, tuple[Example, ...]]:
    """Return clause id → its examples under the law of the day; clauses without one are left out."""
    found: dict[str, tuple[Example, ...]] = {}
    known = catalogue.items_of(ruleset.data)
    own = known if ruleset.data is None else ruleset.data.items
    for item, quantities in [(code, line) for code in own for line in known[code].examples]:
        for clause, example in _example(ruleset, on, item, quantities):
            found[clause] = (*found.get(clause, ()), example)
    return found


def _example(ruleset: RuleSet, on: dt.date, item: str, quantities: dict[str, Any]) -> list[tuple[str, Example]]:
    above = [f for f in _says(ruleset, on, item, quantities, FAR_ABOVE) if f.suggested is not None]
    if not above:
        return []
    limit = min(f.suggested for f in above)
    passes = _says(ruleset, on, item, quantities, limit)
    refused = _says(ruleset, on, item, quantities, limit + 1)
    if passes or not refused:
        return []
    name, figures = catalogue.items_of(ruleset.data)[item].name, _figures(ruleset, quantities)
    said = {f.clause: f for f in reversed(refused)}
    return [(clause, Example(name, figures, limit, limit + 1, f.message)) for clause, f in said.items()]


def _says(ruleset: RuleSet, on: dt.date, item: str, quantities: dict[str, Any], requested: int) -> list[Finding]:
    """Return what the limits in dollars say of the one line; other findings on so bare a case are ignored."""
    case = (
        _in_data(ruleset, on, item, quantities, requested)
        if ruleset.data
        else _in_python(on, item, quantities, requested)
    )
    return [f for f in engine.evaluate(case, ruleset).findings if f.line == "1" and f.unit == TWD]


def _in_data(ruleset: RuleSet, on: dt.date, item: str, quantities: dict[str, Any], requested: int) -> facts.Case:
    """Return the case as facts, not as a document: the law may not be filed yet, and its codes unknown."""
    assert ruleset.data is not None
    beside = next((code for code in ruleset.data.items if code != item), item)
    lines = (
        facts.Line("0", beside, BESIDE),
        facts.Line("1", item, requested, person=_("王小明"), month=f"{on:%Y-%m}", quantities=quantities),
    )
    project = facts.Project(next(iter(ruleset.data.programmes)))
    return facts.Case(on, facts.Organisation("community_association"), project, lines)


def _in_python(on: dt.date, item: str, quantities: dict[str, Any], requested: int) -> facts.Case:
    return facts.from_dict(
        {
            "id": "example",
            "submitted_on": on.isoformat(),
            "organisation": {"kind": "community_association"},
            "project": {"programme": "growth_prevention"},
            "lines": [
                {"id": "0", "item": "printing", "requested": BESIDE},
                {"id": "1", "item": item, "requested": requested, **quantities},
            ],
        }
    )


def _figures(ruleset: RuleSet, quantities: dict[str, Any]) -> str:
    known = catalogue.quantities_of(ruleset.data)
    beside = _("其他項目共 %(amount)s 元") % {"amount": money.format_amount(BESIDE)}
    return "、".join([*(_part(known[key], value) for key, value in quantities.items()), beside])


def _part(quantity: catalogue.Quantity, value: Any) -> str:
    if quantity.type == "bool":
        words = dict(quantity.choices)
        return words.get(value) or f"{quantity.label}：{_('是') if value else _('否')}"
    if quantity.type == "children":
        return f"{quantity.label} {len(value)} {quantity.unit}"
    return f"{quantity.label} {value:,d} {quantity.unit}"

"""What a budget line costs by its unit price, and whether its figures add up to that."""

from types import SimpleNamespace
from typing import Any

from grants.models import BudgetLine
from grants.rules import catalogue, facts, readers
from grants.rules.bounds import line_cost


def cost_of(line: BudgetLine) -> int | None:
    """Return 單價 × 數量 in whole NT dollars, rounded down as the rule of K5.4 does; None if one of its figures is blank."""
    if line.unit_price is None:
        return None
    item = catalogue.items()[line.item]
    values: dict[str, Any] = {}
    for quantity in (*item.quantities, *item.details):
        value = line.quantities.get(quantity.key)
        if value in (None, "", []):
            continue
        if quantity.type in ("int", "number"):
            values[quantity.key] = readers.quantity(value)
        elif quantity.type == "children":
            values[quantity.key] = tuple(SimpleNamespace(own=bool(child.get("own"))) for child in value)
    return line_cost(facts.Line("", line.item, unit_price=line.unit_price, quantities=values))


def multiplied(line: BudgetLine) -> int | None:
    """Return what remains of the cost for the subsidy after own and other funds; None if the cost is not known."""
    cost = cost_of(line)
    return None if cost is None else max(0, cost - (line.own_funds or 0) - (line.other_funds or 0))


def uncovered(line: BudgetLine) -> int:
    """Return the part of the cost that neither subsidy, own nor other funds bear; 0 if they bear all or the cost is not
    known.
    """
    rest = multiplied(line)
    return 0 if rest is None or line.requested is None else max(0, rest - line.requested)

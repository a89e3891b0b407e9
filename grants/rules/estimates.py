"""Estimates for somebody who only wants to know how much: the everyday plans of the laws' items."""

from collections.abc import Sequence

from grants.rules import laws

# item: (question, unit, the assumption in words, the line's quantities for n of the unit and m months).
ESTIMATES = {
    item: plan for law in laws.found() for item, plan in dict(laws.table(law, "estimates", "ESTIMATES")).items()
}
# Items for which each of the n persons has a limit of their own.
EACH = tuple(item for law in laws.found() for item in laws.table(law, "estimates", "EACH"))
MOST_OF_A_UNIT = 60


def estimated_item(usual: Sequence[str]) -> str | None:
    """Return the first of a programme's usual items (codes) that has an everyday plan; None if none has."""
    return next((code for code in usual if code in ESTIMATES), None)

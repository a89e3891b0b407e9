"""What is reckoned for somebody who only wants to know how much: the everyday plans of the laws' items."""

from collections.abc import Sequence

from grants.rules import laws

# item: (question, unit, what is assumed in words, the line's quantities for n of the unit and m months).
ESTIMATES = {
    item: plan for law in laws.found() for item, plan in dict(laws.table(law, "estimates", "ESTIMATES")).items()
}
# Items of which each of the n is paid for himself.
EACH = tuple(item for law in laws.found() for item in laws.table(law, "estimates", "EACH"))
MOST_OF_A_UNIT = 60


def estimated_item(usual: Sequence[str]) -> str | None:
    """The first of a programme's usual items (codes) that an everyday plan can be reckoned for; None without one."""
    return next((code for code in usual if code in ESTIMATES), None)

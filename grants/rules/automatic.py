"""Lines whose amount follows the other items: the highest share of the budget that passes every reading."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grants.rules.engine import evaluate
from grants.rules.facts import Case, Line
from grants.rules.findings import INFO, TWD, Evaluation
from grants.rules.ruleset import RuleSet

# One share of another is a tenth of a tenth, so the amounts settle in a few rounds.
_ROUNDS = 12


def can_follow(case: Case, ruleset: RuleSet) -> frozenset[str]:
    """Return the ids of the lines that may follow: each is the only line under its share of the budget."""
    meters = evaluate(case, ruleset).totals.meters
    return frozenset(lines[0].id for meter in meters if len(lines := _of(case, meter.item)) == 1)


def amounts(
    case: Case, ruleset: RuleSet, following: Iterable[str], waived: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return line id → whole NT dollars for those of the lines `following` that may follow. Other lines keep their
    amounts.
    """
    following = can_follow(case, ruleset) & set(following)
    amounts_so_far = dict.fromkeys(following, 0)
    for _ in range(_ROUNDS if following else 0):
        now = _with(case, amounts_so_far)
        meters = {meter.item: meter.allowed for meter in evaluate(now, ruleset).totals.meters}
        wanted = {line.id: meters[line.item] for line in now.lines if line.id in following}
        # Other limits of the line (a rate, a grant for the same) count too.
        judged = evaluate(_with(case, wanted), ruleset, waived=waived)
        found = {key: min([amount, *_limits(judged, key)]) for key, amount in wanted.items()}
        if found == amounts_so_far:
            break
        amounts_so_far = found
    return amounts_so_far


def _of(case: Case, item: str) -> list[Line]:
    return [line for line in case.lines if line.item == item]


def _with(case: Case, amounts: Mapping[str, int]) -> Case:
    lines = tuple(replace(line, requested=amounts.get(line.id, line.requested)) for line in case.lines)
    return replace(case, lines=lines)


def _limits(judged: Evaluation, line_id: str) -> list[int]:
    """Return the limits that bind the line; a clause that the county waived for the case is information alone."""
    binding = (f for f in judged.findings if f.line == line_id and f.severity != INFO)
    return [f.suggested for f in binding if f.unit == TWD and f.suggested is not None]

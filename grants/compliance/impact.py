"""What a ruling would change: stored cases are judged again as if it had been in force on their day.

Part of the bridge to the law. Two queries for the cases and one that counts them, however many there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from grants.enums import NOT_RUNNING
from grants.models import Application, Ruling, StoredEvaluation
from grants.rules import engine, facts
from grants.rules.findings import TWD, UNIT_WORDS, Evaluation, Finding, plain
from grants.rules.ruleset import RuleSet, load

from .stored import LostLawError, law_of

MOST = 500


@dataclass(frozen=True)
class ChangedFinding:
    """A clause's finding on the same cell before and after, with another excess or another severity."""

    before: Finding
    after: Finding

    @property
    def by(self) -> str:
        """The excess before → after with the difference, in the finding's unit; "" if only the severity changed."""
        old, new = plain(self.before.over), plain(self.after.over)
        if old is None or new is None or old == new or self.before.unit != self.after.unit:
            return ""
        unit = UNIT_WORDS.get(self.after.unit or "", "")
        return f"{old:,} → {new:,} {unit}（{new - old:+,} {unit}）"


@dataclass(frozen=True)
class ChangedCase:
    """A case that would be judged differently: findings that appear, disappear and change, and how many NT dollars it
    is over.
    """

    case: Application
    stage: str
    come: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[ChangedFinding, ...]
    over_before: int
    over_after: int

    @property
    def by(self) -> int:
        """By how many dollars more (above 0) or less (below) the case is over the limits."""
        return self.over_after - self.over_before


@dataclass(frozen=True)
class Impact:
    """The result: `looked_at` of `total` filed and approved cases were judged again, the newest first."""

    changed: tuple[ChangedCase, ...]
    looked_at: int
    total: int

    @property
    def bounded(self) -> bool:
        return self.total > MOST

    @property
    def by(self) -> int:
        return sum(row.by for row in self.changed)


def impact_of(ruling: Ruling) -> Impact:
    """Judge the newest MOST filed and approved cases of the scheme again with the ruling laid over their own law."""
    live = Application.objects.filter(scheme=ruling.scheme_id, first_filed_on__isnull=False).exclude(
        status__in=NOT_RUNNING
    )
    newest = StoredEvaluation.objects.filter(application=OuterRef("pk")).order_by("-id").values("pk")[:1]
    cases = list(
        live.select_related("organisation")
        .annotate(evaluation=Subquery(newest))
        .order_by("-first_filed_on", "-id")[:MOST]
    )
    stored = StoredEvaluation.objects.in_bulk([case.evaluation for case in cases if case.evaluation])
    laws: dict[tuple[str, str, str], tuple[RuleSet, RuleSet]] = {}
    changed = []
    for case in cases:
        row = stored.get(case.evaluation)
        if row and (difference := _difference(case, row, _law(laws, row, ruling))):
            changed.append(difference)
    return Impact(tuple(changed), len(stored), live.count() if len(cases) == MOST else len(cases))


def _law(
    known: dict[tuple[str, str, str], tuple[RuleSet, RuleSet]], row: StoredEvaluation, ruling: Ruling
) -> tuple[RuleSet, RuleSet]:
    """Return the law by which the case was judged, and the same with the ruling in force on the case's own day."""
    day = row.facts["case"]["submitted_on"]
    key = (row.ruleset_sha256, row.ruleset, day)
    if key not in known:
        try:
            own = law_of(row)
        except LostLawError:
            # `replay` reports the loss. The ruling's effect is still worth showing, by the text in force.
            own = load(row.ruleset).with_rulings(row.rulings)
        laid = {"parameter": ruling.parameter, "from": day, **ruling.value, "memo": ruling.memo_number}
        known[key] = (own, own.with_rulings([laid]))
    return known[key]


def _difference(case: Application, row: StoredEvaluation, laws: tuple[RuleSet, RuleSet]) -> ChangedCase | None:
    judged, waived = facts.from_dict(row.facts["case"]), row.facts["waived"]
    before, after = (engine.evaluate(judged, law, waived=waived) for law in laws)
    old, new = _by_key(before), _by_key(after)
    if old.keys() == new.keys():
        return None
    come = [finding for key, finding in new.items() if key not in old]
    gone = [finding for key, finding in old.items() if key not in new]
    changed = _pair(gone, come)
    over = (_over(before), _over(after))
    return ChangedCase(case, row.get_stage_display(), tuple(come), tuple(gone), tuple(changed), *over)


def _pair(gone: list[Finding], come: list[Finding]) -> list[ChangedFinding]:
    """Remove from both lists findings of the same clause on the same cell, and return them: they have changed."""
    changed = []
    for old in tuple(gone):
        new = next((finding for finding in come if _cell(finding) == _cell(old)), None)
        if new is not None:
            gone.remove(old)
            come.remove(new)
            changed.append(ChangedFinding(old, new))
    return changed


def _cell(finding: Finding) -> tuple[str | None, ...]:
    return (finding.clause, finding.line, finding.person, finding.month, finding.kind, finding.fact)


def _by_key(evaluation: Evaluation) -> Mapping[Any, Finding]:
    return {(f.severity, *_cell(f), f.over): f for f in evaluation.findings}


def _over(evaluation: Evaluation) -> int:
    """Return the dollars above the limits: of each line its largest finding, so that twin clauses count once."""
    furthest: dict[str | None, int] = {}
    for f in evaluation.findings:
        if f.unit == TWD and f.kind == "limit" and f.over:
            furthest[f.line] = max(furthest.get(f.line, 0), f.over)
    return sum(furthest.values())

"""What the law says of the figures of a 結報, and which findings keep them from being accepted.

Only the money is judged: lines, shares of the whole, own funds. Who may apply and for what was decided at approval, and
a finding that the approver saw, and that is no larger now, is not raised again. Errors stop; a warning passes with a
written reason: finance's beside the line, or the officer's for the account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance import judging
from grants.enums import SUMS_PASSED, EvaluationStage
from grants.models import BudgetLine, Settlement, SettlementLine, SettlementReason
from grants.queries.settlements.figures import own_share_asked
from grants.queries.settlements.rows import lines_of
from grants.rules.findings import ERROR, TWD, WARNING, Finding
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

REASON = actions.register("settlement.reason", _l("寫結報准予核銷的理由"))
Key = tuple[str, str | None]


class LawStopsError(Refused):
    """The law does not allow these figures; the message names each with its line."""

    def __init__(self, open_findings: list["Open"]) -> None:
        message = " ".join(f"{found.place}{found.finding.message}" for found in open_findings)
        super().__init__(_("還不能准予核銷：") + message)


@dataclass(frozen=True)
class Open:
    """A finding on the account, with the reason that was written for it ("" if there is none)."""

    finding: Finding
    line: SettlementLine | None
    reason: str

    @property
    def blocks(self) -> bool:
        return self.finding.severity == ERROR

    @property
    def stops(self) -> bool:
        return self.blocks or not self.reason

    @property
    def place(self) -> str:
        """The line that the finding is about, "" if it is about the whole account."""
        return _("第 %(position)d 項：") % {"position": self.line.line.position} if self.line else ""

    @property
    def field(self) -> str:
        return f"law-{self.finding.clause}-{self.line.pk if self.line else ''}"


def judge(settlement: Settlement) -> judging.Judgement:
    """Return the evaluation of the admitted amounts, or before the check of what was spent within the approved amounts."""
    case, amounts = settlement.award.application, _amounts(settlement)
    rows = list(case.lines.all())
    if own_share_asked(settlement):
        _with_own_funds(rows, settlement.own_funds or 0)
    everything = dict.fromkeys((row.pk for row in rows), 0) | amounts
    return judging.judge(case, stage=EvaluationStage.SETTLEMENT, amounts=everything, lines=rows)


def findings(settlement: Settlement, judged: judging.Judgement | None = None) -> list[Open]:
    """Return errors and warnings on the money, errors first."""
    judged = judged or judge(settlement)
    findings = [one for one in judged.evaluation.findings if _on_money(one)]
    known, amounts = _approved(settlement) if findings else {}, _amounts(settlement)
    lines = {str(line.line.line_id): line for line in lines_of(settlement)}
    # A reason counts only for the figures that it was written for.
    written = {(row.clause, row.line_id, row.message): row.text for row in settlement.reasons.all()} if findings else {}
    found = []
    for one in findings:
        line = lines.get(one.line) if one.line else None
        if (one.line and not (line and amounts.get(line.line.line_id))) or _no_more(one, known):
            continue
        own = line.reason.strip() if line and one.severity == WARNING else ""
        key = (one.clause, line.line.line_id if line else None, one.message)
        found.append(Open(one, line, written.get(key, "") or own))
    return found


def refuse_errors(settlement: Settlement) -> None:
    """Keep finance from admitting what an error forbids. Raises LawStopsError."""
    if wrong := [one for one in findings(settlement) if one.blocks]:
        raise LawStopsError(wrong)


def refuse_open(settlement: Settlement, judged: judging.Judgement | None = None) -> None:
    """Refuse errors, and warnings without a reason. Raises LawStopsError."""
    if wrong := [one for one in findings(settlement, judged) if one.stops]:
        raise LawStopsError(wrong)


def write_reasons(user: User, settlement: Settlement, texts: Mapping[str, str]) -> None:
    """Keep why a warning passes all the same, by the field of its finding, inside the caller's unit of work."""
    for one in findings(settlement):
        text = texts.get(one.field, "").strip()
        if one.blocks or not text or text == one.reason:
            continue
        line = one.line.line.line if one.line else None
        SettlementReason.objects.update_or_create(
            settlement=settlement,
            clause=one.finding.clause,
            line=line,
            defaults={"message": one.finding.message, "text": text[:400], "by": user, "on": clock.today()},
        )
        after = {"clause": one.finding.clause, "line": one.line.line.position if one.line else None, "reason": text}
        trail.record(REASON, settlement, after=after, case=settlement.number)


def _amounts(settlement: Settlement) -> dict[int, int]:
    """Return budget line id → whole NT dollars. Amounts admitted before a correction no longer count."""
    checked = settlement.status in SUMS_PASSED
    return {
        line.line.line_id: (line.admitted or 0) if checked else min(line.spent or 0, line.line.approved)
        for line in lines_of(settlement)
    }


def _with_own_funds(rows: list[BudgetLine], own: int) -> None:
    """Let one own-funds figure for the whole account stand in for each line's planned one; nothing is saved."""
    for place, row in enumerate(rows):
        row.own_funds, row.other_funds = (0 if place else own), 0


def _on_money(found: Finding) -> bool:
    return found.severity in (ERROR, WARNING) and (found.line is not None or found.unit == TWD)


def _approved(settlement: Settlement) -> dict[Key, Any]:
    """Return by how much each finding of the approval, or of the last change of it, was over the limit."""
    case = settlement.award.application
    decided = (EvaluationStage.APPROVAL, EvaluationStage.AMENDMENT)
    stored = case.evaluations.filter(stage__in=decided).order_by("-pk").first()
    if stored is not None:
        return {(row["clause"], row["line"]): row["over"] for row in stored.result["findings"]}
    amounts = {line.line_id: line.approved for line in settlement.award.lines.all()}
    evaluation = judging.evaluate(case, stage=EvaluationStage.APPROVAL, amounts=amounts)
    return {(found.clause, found.line): found.over for found in evaluation.findings}


def _no_more(found: Finding, known: Mapping[Key, Any]) -> bool:
    """Return whether the approver saw the same finding, no smaller than now."""
    key = (found.clause, found.line)
    if key not in known:
        return False
    before, now = known[key], found.over
    return now is None or before is None or now <= before

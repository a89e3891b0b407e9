"""The decision: money is set aside, the plan of payment is made and the letter drafted, all at once or not at all.

Locks are taken in one order, the envelope before the case: a second approval waits for the envelope and then sees what
the first one took from it.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement
from grants.compliance.rulesets import ruleset_for
from grants.compliance.stored import store_evaluation
from grants.enums import ApplicationStatus as S
from grants.enums import (
    EvaluationStage,
    LetterKind,
    LetterStatus,
)
from grants.letters import compose
from grants.models import Application, Award, Envelope, Instalment, Letter, Proposal, ProposedLine
from grants.permissions import actor_for, holds
from grants.queries.schemes import envelopes
from grants.queries.schemes.public import EnvelopeUse
from grants.rules import payments
from grants.rules.findings import ERROR, Finding
from grants.rules.ruleset import RuleSet
from grants.services import notices
from grants.services.letters import drafts, settling
from grants.services.locks import lock_case, with_law
from grants.services.payments import returns
from grants.services.reviews.proposals import (
    Condition,
    Cut,
    LawRefusedError,
    close_proposal,
    judge_amounts,
    shown,
)
from grants.services.reviews.reopenings import replaced_by_new
from grants.services.schemes.envelopes import own_open_change
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import mixed
from miaoli_kaohsiung.lib.locks import lock_first
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import deciding, plans, storing


class OverEnvelopeError(Refused):
    """The year's money is not enough, as `finding` says (K8.2, M6). A warning passes with a memo number (A30)."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class ReasonMissingError(Refused):
    """The approver decides otherwise than proposed, but gives no reason for the letter."""


@dataclass(frozen=True)
class Terms:
    """What an approver settles with an approval. None for `figures` (line id → amount, reason) or `conditions` means as
    proposed. `seen` are the keys of what was read of all that speaks against it (queries.reviews.concerns).
    """

    figures: Mapping[int, Cut] | None = None
    conditions: Sequence[Condition] | None = None
    seen: Collection[str] = ()


def approve(
    user: User,
    case: Application,
    *,
    memo_number: str = "",
    note: str = "",
    proposal_id: int | None = None,
    decided: Terms = Terms(),  # frozen
) -> Award:
    """Approve the open proposal, as it stands or with the approver's own figures and conditions. Pressed twice, the
    second call returns the same award.

    `proposal_id` is the proposal that the page showed; if another one is open by now, the call is refused. Raises
    Refused (four eyes, no envelope, a moved case, an amount for a higher level), FiguresError, UnansweredError,
    LawRefusedError on the approved figures, OverEnvelopeError without a memo number.
    """
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        envelope = _lock_envelope(case)
        row = lock_case(case)
        if row.status == S.APPROVED:
            require(holds(user, row, Role.APPROVER))
            return row.award
        permit = applications.permit(row, "approve", user)
        with_law(row)
        proposal = shown(row, proposal_id)
        found = _examined(user, row, proposal, decided)
        # What is paid already was set aside before, also in a case that is decided anew.
        paid = storing.paid_before(row)
        over = _check_envelope(row, envelope, found.total - paid, memo_number)
        if over:
            _refuse_own_change(user, row)
        assert envelope is not None  # else it was refused
        permit.make(total=found.total, memo_number=(memo := memo_number.strip() if over else ""))
        store_evaluation(row, EvaluationStage.APPROVAL, found.judged)
        deciding.keep_decided(found.lines, found.figures)
        close_proposal(user, proposal, Proposal.Decision.APPROVED, note)
        award = storing.store(user, row, envelope, storing.Decided(proposal, found.lines, found.total, memo))
        deciding.keep_conditions(award, proposal, decided.conditions)
        _lay_plan(user, row, award, paid)
        return award


@dataclass(frozen=True)
class _Examined:
    """What may be approved: the proposal's lines with the figures decided for them, and the law's judgement."""

    lines: list[ProposedLine]
    figures: dict[int, Cut]
    total: int
    judged: Judgement


def _examined(user: User, row: Application, proposal: Proposal, decided: Terms) -> _Examined:
    """Return what is to be approved, once nothing stands against it. Raises as `approve` does."""
    lines = list(proposal.lines.select_related("line"))
    figures = deciding.decided_figures(lines, decided.figures)
    amounts = {key: amount for key, (amount, _reason) in figures.items()}
    total = sum(amounts.values())
    if not total:
        raise Refused(_("核定金額合計是 0 元，請改用「不予補助」。"))
    require(deciding.may_decide(user, row, total))
    deciding.note_seen(user, row, proposal, decided.seen)
    judged, blocking = judge_amounts(row, amounts)
    if blocking:
        raise LawRefusedError(blocking)
    return _Examined(lines, figures, total, judged)


def reject(user: User, case: Application, *, note: str = "", proposal_id: int | None = None) -> Application:
    """Reject the case, whatever was proposed. The letter gives the reason of a proposal to reject and what the approver
    adds.

    A second call changes nothing. If something else was proposed, the approver's note is the reason: Refused without
    one.
    """
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        row = lock_case(case)
        if row.status == S.REJECTED:
            require(holds(user, row, Role.APPROVER))
            return row
        reason, award = _turn_down(user, row, "reject", note, proposal_id)
        kept, replaced = replaced_by_new(row)
        drafts.prepare(user, row, LetterKind.REJECTION, kept, reason=reason, **replaced)
        _take_back(user, award)
        notices.about_case(row, notices.members(row), "rejected", _("申請案未獲補助"), reason)
        return row


def not_accept(user: User, case: Application, *, note: str = "", proposal_id: int | None = None) -> Application:
    """Do not take the case up, as an officer proposed, and draft the letter. A second call changes nothing."""
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        row = lock_case(case)
        if row.status == S.NOT_ACCEPTED:
            require(holds(user, row, Role.APPROVER))
            return row
        reason, award = _turn_down(user, row, "not_accept", note, proposal_id)
        kept, replaced = replaced_by_new(row)
        facts = _earlier_letter(row) | replaced
        letter = drafts.prepare(user, row, LetterKind.NOT_ACCEPTED, kept, reason=reason, **facts)
        _take_back(user, award)
        notices.about_case(row, notices.members(row), "not_accepted", _("申請案不予受理"), reason)
        notices.about_case(
            row,
            notices.officers(row),
            "not_accepted",
            _("已決定不予受理，請發函"),
            "",
            reverse("grants:letter_list"),
            f"letter:{letter.pk}",
        )
        return row


# The outcome that an officer proposes for a move, and how the proposal ends with it.
_ENDS = {
    "reject": (Proposal.Outcome.REJECT, Proposal.Decision.REJECTED),
    "not_accept": (Proposal.Outcome.NOT_ACCEPT, Proposal.Decision.NOT_ACCEPTED),
}


def _turn_down(user: User, row: Application, name: str, note: str, proposal_id: int | None) -> tuple[str, Award | None]:
    """End the locked case with its proposal and its open corrections; return the reason, and the award that an earlier
    decision had given it.
    """
    outcome, decision = _ENDS[name]
    permit = applications.permit(row, name, user)
    proposal = shown(row, proposal_id)
    reason = _reason(proposal, outcome, note)
    permit.make(reason=reason)
    close_proposal(user, proposal, decision, note)
    _end_corrections(row)
    return reason, storing.end_halted(user, row)


def _take_back(user: User, award: Award | None) -> None:
    """Draft the letter by which money of the earlier decision comes back, and tell finance."""
    if award is not None:
        settling.draft_wanted(user, award)
        returns.notify_finance(award, "application.return")


def _reason(proposal: Proposal, outcome: str, note: str) -> str:
    """Return the officer's reason if this outcome was proposed, with what the approver adds."""
    own = proposal.note.strip() if proposal.outcome == outcome else ""
    reason = "；".join(part for part in (own, note.strip()) if part)
    if not reason:
        raise ReasonMissingError(_("承辦人建議的不是這個結果，請在主管意見寫理由，函文會引用。"))
    return reason


def _end_corrections(row: Application) -> None:
    row.corrections.filter(answered_on__isnull=True).update(answered_on=clock.today())
    drafts.drop_corrections(row)


def _earlier_letter(row: Application) -> dict[str, Any]:
    """Return the 補正函 that the letter refers to."""
    sent = row.letters.filter(kind=LetterKind.CORRECTION, status=LetterStatus.ISSUED).first()
    return {"earlier": drafts.cited(sent)} if sent else {}


def _lock_envelope(case: Application) -> Envelope | None:
    """Lock and return the envelope of the year of approval (A30), before anything else; None if there is none yet.

    A payment locks its case and then writes an entry that points to the envelope: with the key locked as well, both would
    wait for each other.
    """
    return lock_first(Envelope.objects.filter(scheme_id=case.scheme_id, year=clock.today().year), no_key=True)


def _check_envelope(row: Application, envelope: Envelope | None, total: int, memo_number: str) -> bool:
    """Return whether the award goes beyond the envelope, which only a memo allows. Using it up exactly is within it."""
    if envelope is None:
        year = roc_year(clock.today().year)
        raise Refused(_("%(year)d年度還沒有登錄補助額度，請先登錄再核定。") % {"year": year})
    return bool(memo_beyond(over_envelope(row, envelopes.use_of(envelope), total), memo_number))


def _refuse_own_change(user: User, row: Application) -> None:
    """Refuse to let a person go beyond the envelope alone while their own proposal to enlarge it is open."""
    if own_open_change(user, row.scheme_id, clock.today().year):
        raise Refused(_("您登錄的年度額度還沒有人確認，超出額度的案件請由另一位主管核定，或等額度確認。"))


def over_envelope(row: Application, use: EnvelopeUse, total: int, *, released: int = 0) -> tuple[Finding, ...]:
    """Return what the law says if `total` goes beyond the money of the year; `released` becomes free in the same step.

    The clause is 捌、二 of the regulation; in the plan it is 陸, each unit's own budget.
    """
    today, so_far = clock.today(), use.approved - released
    ruleset = ruleset_for(row.scheme, today)
    if "envelope.yearly" in ruleset.parameters:
        return payments.envelope(use.envelope.year, so_far, total, ruleset, today, entered=use.envelope.amount)
    return payments.unit_envelope(use.envelope.amount, so_far, total, ruleset)


def memo_beyond(found: tuple[Finding, ...], memo_number: str) -> str:
    """Return the memo number that lets money go beyond the envelope, "" if none is needed. Raises OverEnvelopeError."""
    for finding in found:
        if finding.severity == ERROR or not memo_number.strip():
            raise OverEnvelopeError(finding)
    return memo_number.strip() if found else ""


def _lay_plan(user: User, row: Application, award: Award, paid: int) -> None:
    first = plans.lay_instalments(award, plans.plan_for(row, award.total), paid=paid)
    letter = _draft_letter(user, row, award, first, paid)
    body = _("核定 %(total)s 元。核定函發文後，請依函辦理。") % {"total": format_amount(award.total)}
    notices.about_case(
        row,
        notices.members(row),
        "approved",
        _("申請案已核定"),
        body,
        reverse("grants:award_detail", args=[award.number]),
    )
    notices.about_case(
        row,
        notices.officers(row),
        "approved",
        _("已核定，請發函"),
        body,
        reverse("grants:letter_list"),
        f"letter:{letter.pk}",
    )


def _draft_letter(user: User, row: Application, award: Award, first: Instalment | None, paid: int) -> Letter:
    lines = list(award.lines.all())
    cut = sum(line.requested - line.approved for line in lines)
    today = clock.today()
    kind = LetterKind.PARTIAL_APPROVAL if cut else LetterKind.APPROVAL
    kept, replaced = replaced_by_new(row)
    facts: dict[str, Any] = {
        **deciding.facts_of_conditions(award),
        "table": compose.table_of(lines, ruleset_for(row.scheme, row.filed_on or today)),
        "requested_mixed": mixed(award.total + cut),
        "cut_mixed": mixed(cut),
        "starts_on": award.starts_on,
        "ends_on": award.ends_on,
        **(_two_stages(ruleset_for(row.scheme, today), today) if first else {}),
        **compose.amounts(award.total, first.amount if first else None, rest=max(0, award.total - paid)),
        **replaced,
    }
    return drafts.prepare(user, row, kind, kept, **facts)


def _two_stages(ruleset: RuleSet, on: dt.date) -> dict[str, Any]:
    """Return the amount from which 柒一 pays in two stages, as a letter writes it (10萬元), and the days for the receipt."""
    amount = mixed(ruleset.value("instalment.threshold", on, "lenient"))
    words = amount.removeprefix("新臺幣").removesuffix("整")
    return {"threshold_words": words, "receipt_days": payments.receipt_days(ruleset, on)}

"""The officer's proposal to the approver, amount by amount or to reject, and how it is returned.

Every function is one unit of work. `edition` is that of the page that the person saw; an older one is refused, so that
nobody overwrites what a colleague has just decided.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.cut_reasons import figures_that_differ
from grants.compliance.judging import Judgement, judge
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import (
    Application,
    BudgetLine,
    ConcernAnswer,
    Deadline,
    Proposal,
    ProposalDraft,
    ProposedLine,
)
from grants.permissions import actor_for, officer_for
from grants.queries.applications import corrections
from grants.queries.reviews.concerns import Concern, concerns_of
from grants.rules.findings import Finding
from grants.services import notices
from grants.services.locks import lock_case
from grants.services.reminders.rows import key_of
from grants.services.reviews.checks import after_today, fresh
from grants.workflow import applications
from grants.workflow.core import Permit
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc

Cut = tuple[int, str]

DRAFT = actions.register("application.draft_proposal", _l("儲存核定建議草稿"))
DEFER = actions.register("application.defer", _l("暫緩決定"))


class LawRefusedError(Refused):
    """The approved figures break the law. `findings` say where, by how much, and what would pass."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("核定金額有 %(count)d 處與規定不符，請先改好。") % {"count": len(findings)})
        self.findings = findings


class UnansweredError(Refused):
    """Something speaks against the approval and was not answered, or not read; `keys` say what."""

    def __init__(self, open_concerns: Sequence[Concern | ConcernAnswer], message: str) -> None:
        super().__init__(message % {"count": len(open_concerns), "first": open_concerns[0].sentence})
        self.keys = {one.key for one in open_concerns}


class FiguresError(Refused):
    """The reason of a cut names other figures than its row. `by_line` has the sentences by line id."""

    def __init__(self, by_line: Mapping[int, list[str]]) -> None:
        super().__init__("".join(sentence for found in by_line.values() for sentence in found))
        self.by_line = by_line


@dataclass(frozen=True)
class Condition:
    """What an association must fulfil, and when the county looks whether it has (ConditionStage)."""

    stage: str
    text: str


def judge_amounts(case: Application, amounts: Mapping[int, int] | None) -> tuple[Judgement, list[Finding]]:
    """Return the law's judgement of the figures to be approved (line id → whole NT dollars), and its findings that
    block.

    The law of the day of filing applies. A warning whose written reason the officer refused blocks like an error,
    unless its line gets nothing.
    """
    judged = judge(case, stage="approval", on=case.filed_on, amounts=amounts)
    refused = {
        (clause, str(line) if line else None)
        for clause, line in case.justifications.filter(verdict=Verdict.REFUSED).values_list("clause", "line_id")
    }
    nothing = {str(line) for line, amount in (amounts or {}).items() if not amount}
    unreasoned = [f for f in judged.evaluation.warnings if (f.clause, f.line) in refused and f.line not in nothing]
    return judged, [*judged.evaluation.errors, *unreasoned]


def propose(
    user: User,
    case: Application,
    cuts: Mapping[int, Cut],
    *,
    note: str,
    edition: int,
    answers: Mapping[str, str] | None = None,
    conditions: Sequence[Condition] = (),
) -> Proposal:
    """Propose an amount for every line, at most what was asked, with the reason of each cut (line id → amount, reason).

    `answers` say to each of `concerns_of`, by its key, why the case is to be approved all the same. Raises
    LawRefusedError when the law does not allow the figures, FiguresError, UnansweredError.
    """
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        permit = _permit_to_propose(user, case, edition)
        row = permit.row
        lines = list(row.lines.all())
        figures = checked_figures({line.pk: line.asked for line in lines}, cuts)
        total = sum(amount for amount, _reason in figures.values())
        if not total:
            raise Refused(_("核定金額合計是 0 元，請改用「建議不予補助」。"))
        answered = _answered(row, answers or {})
        _judged, blocking = judge_amounts(row, {key: amount for key, (amount, _reason) in figures.items()})
        if blocking:
            raise LawRefusedError(blocking)
        permit.make(outcome=Proposal.Outcome.APPROVE, total=total)
        proposal = _new_proposal(user, row, Proposal.Outcome.APPROVE, note, total, conditions)
        ConcernAnswer.objects.bulk_create(
            ConcernAnswer(proposal=proposal, key=one.key, sentence=one.sentence, answer=answer)
            for one, answer in answered
        )
        _keep_lines(proposal, lines, figures)
        return proposal


def checked_figures(asked: Mapping[int, int], cuts: Mapping[int, Cut]) -> dict[int, Cut]:
    """Return amount and reason of each line (`asked`: line id → requested); a line that is not cut has no reason.

    Raises Refused, FiguresError where a reason names other figures than its row.
    """
    found, wrong = {}, {}
    for key, requested in asked.items():
        amount, reason = _figures(requested, cuts.get(key))
        found[key] = (amount, reason)
        if differing := figures_that_differ(reason, requested, amount):
            wrong[key] = differing
    if wrong:
        raise FiguresError(wrong)
    return found


def save_draft(user: User, case: Application, data: Mapping[str, str]) -> ProposalDraft | None:
    """Keep a proposal that is being written, as it was typed; None if the case has moved on meanwhile."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        if not applications.TABLE.answer(row, "propose", user):
            return None
        found = ProposalDraft.objects.filter(application=row).first()
        before, after = trail.changes(found.data if found else {}, dict(data))
        if found and not after:
            return found
        kept = {"data": dict(data), "saved_by": user, "saved_on": clock.today()}
        draft, _made = ProposalDraft.objects.update_or_create(application=row, defaults=kept)
        trail.record(DRAFT, row, before=before, after=after, case=row.number)
        return draft


def propose_rejection(user: User, case: Application, *, note: str, edition: int) -> Proposal:
    """Propose to reject; the note is the reason that the letter will give."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        permit = _permit_to_propose(user, case, edition)
        if not note.strip():
            raise Refused(_("請寫不予補助的理由，函文會引用。"))
        row = permit.make(outcome=Proposal.Outcome.REJECT, reason=note)
        return _new_proposal(user, row, Proposal.Outcome.REJECT, note, 0)


def propose_refusal(user: User, case: Application, *, reason: str) -> Proposal:
    """Propose not to take the case up (a bar, the window, a correction that never came); the letter gives the reason.

    A correction counts as never come once its deadline is over. Its deadline is closed while the approver decides, and
    open again if the proposal is sent back to it.
    """
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        permit = applications.permit(row, "propose_refusal", user)
        if not reason.strip():
            raise Refused(_("請寫不予受理的理由，函文會引用。"))
        officer = {} if row.officer_id else {"officer": officer_for(user, row)}
        permit.make(officer, outcome=Proposal.Outcome.NOT_ACCEPT, reason=reason)
        corrections.running(row).update(done_on=clock.today())
        return _new_proposal(user, row, Proposal.Outcome.NOT_ACCEPT, reason, 0)


# Where a returned proposal goes, the first that fits: the guards of the workflow's table decide.
BACK = ("send_back", "send_back_to_correction", "send_back_to_check")
TAKEN_BACK = ("take_back_proposal", "take_back_to_correction", "take_back_to_check")


def take_back(user: User, case: Application) -> Application:
    """Let the officer withdraw a proposal before it is decided; its figures are the next draft."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        _go_back(user, row, TAKEN_BACK, Proposal.Decision.TAKEN_BACK, "")
        return row


def send_back(user: User, case: Application, *, note: str) -> Application:
    """Return the proposal to the officer with what to do; the case goes back to where it was when it was proposed."""
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        row = lock_case(case)
        _go_back(user, row, BACK, Proposal.Decision.SENT_BACK, note)
        notices.about_case(row, notices.officers(row), "sent_back", _("主管退回，請重擬建議"), note)
        return row


def defer(user: User, case: Application, *, until: dt.date, note: str, proposal_id: int | None = None) -> Proposal:
    """Put the decision off (暫緩) until a day, on which the case is on the desk again. Raises Refused."""
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        row = lock_case(case)
        answers = [applications.TABLE.answer(row, name, user) for name in ("reject", "approve", "not_accept")]
        if not any(answers):
            raise Refused(answers[0].reason)
        proposal = shown(row, proposal_id)
        after_today(until)
        if not note.strip():
            raise Refused(_("請寫暫緩的理由，承辦人和申請單位都會看到。"))
        proposal.deferred_until, proposal.deferral_note = until, note.strip()
        proposal.save(update_fields=["deferred_until", "deferral_note"])
        trail.record(DEFER, row, after={"until": until, "note": note.strip()}, case=row.number)
        subject = _("申請案暫緩決定，預定%(day)s以後再決定") % {"day": format_roc(until)}
        people = notices.others_than(user, notices.members(row), notices.officers(row))
        notices.about_case(row, people, f"deferred-{proposal.pk}-{until:%m%d}", subject, note.strip())
        return proposal


def shown(row: Application, proposal_id: int | None) -> Proposal:
    """Return the open proposal of the locked case. Raises Refused if the page showed another one."""
    proposal = row.proposals.get(decision=Proposal.Decision.OPEN)
    if proposal_id not in (None, proposal.pk):
        raise Refused(_("承辦人已經改提另一個建議，請重新整理頁面再決定。"))
    return proposal


def _go_back(user: User, row: Application, names: Sequence[str], decision: str, note: str) -> None:
    """Make the first of these moves that fits; the correction that was waited for is waited for again."""
    name = next((name for name in names if applications.TABLE.answer(row, name, user)), names[0])
    applications.move(row, name, user, note=note)
    close_proposal(user, row.proposals.get(decision=Proposal.Decision.OPEN), decision, note)
    if row.status == S.CORRECTION_REQUESTED:
        asked = row.corrections.get(answered_on__isnull=True)
        Deadline.objects.filter(subject_key=key_of(asked)).update(done_on=None)


def close_proposal(user: User, proposal: Proposal, decision: str, note: str = "") -> None:
    """Note the decision. Somebody who sends back their own proposal withdraws it, which is no decision."""
    proposal.decision, proposal.decision_note, proposal.decided_on = decision, note, clock.today()
    proposal.decided_by = None if proposal.proposed_by_id == user.pk else user
    proposal.save(update_fields=["decision", "decision_note", "decided_on", "decided_by"])


def _permit_to_propose(user: User, case: Application, edition: int) -> Permit[Application]:
    permit = applications.permit(lock_case(case), "propose", user)
    fresh(permit.row, edition)
    return permit


def _figures(requested: int, cut: Cut | None) -> Cut:
    if cut is None:
        raise Refused(_("經費項目和您看到的不同，請重新整理頁面。"))
    amount, reason = cut
    if not 0 <= amount <= requested:
        raise Refused(_("核定金額不能超過申請金額。"))
    if amount < requested and not reason.strip():
        raise Refused(_("核減的項目都要寫理由，函文會逐項列出。"))
    return amount, "" if amount == requested else reason.strip()


def _answered(row: Application, answers: Mapping[str, str]) -> list[tuple[Concern, str]]:
    """Return what speaks against the approval, each with its answer. Raises UnansweredError."""
    found = [(one, answers.get(one.key, "").strip()) for one in concerns_of(row)]
    if missing := [one for one, answer in found if not answer]:
        raise UnansweredError(missing, _("還有 %(count)d 項要先說明為什麼仍然建議補助：%(first)s"))
    return found


def _keep_lines(proposal: Proposal, lines: Collection[BudgetLine], figures: Mapping[int, Cut]) -> None:
    ProposedLine.objects.bulk_create(
        ProposedLine(
            proposal=proposal,
            line=line,
            requested=line.asked,
            amount=figures[line.pk][0],
            reason=figures[line.pk][1],
        )
        for line in lines
    )


def _new_proposal(
    user: User, row: Application, outcome: str, note: str, total: int, conditions: Sequence[Condition] = ()
) -> Proposal:
    ProposalDraft.objects.filter(application=row).delete()
    proposal = Proposal.objects.create(
        application=row,
        outcome=outcome,
        total=total,
        note=note,
        conditions=[asdict(one) for one in conditions],
        proposed_by=user,
        proposed_on=clock.today(),
    )
    others = [person for person in notices.approvers(row) if person.pk != user.pk]
    url = reverse("grants:case_decision", args=[row.number])
    notices.about_case(row, others, f"proposed-{proposal.pk}", _("請核定"), note, url)
    return proposal

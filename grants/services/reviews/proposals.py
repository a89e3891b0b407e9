"""The officer's proposal to the approver, amount by amount or to reject, and how it is returned.

Every function is one unit of work. `edition` is that of the page that the person saw; an older one is refused, so that
nobody overwrites what a colleague has just decided.
"""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement, judge
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import (
    Application,
    BudgetLine,
    Deadline,
    Proposal,
    ProposedLine,
)
from grants.permissions import actor_for, officer_for
from grants.queries.applications import corrections, timing
from grants.rules.findings import Finding
from grants.services import notices
from grants.services.locks import lock_case
from grants.services.reminders.rows import key_of
from grants.services.reviews.checks import fresh
from grants.workflow import applications
from grants.workflow.core import Permit
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

Cut = tuple[int, str]


class LawRefusedError(Refused):
    """The approved figures break the law. `findings` say where, by how much, and what would pass."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("核定金額有 %(count)d 處與規定不符，請先改好。") % {"count": len(findings)})
        self.findings = findings


class TimingError(Refused):
    """The plan is over or under way, and no note says why it is approved all the same."""


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


def propose(user: User, case: Application, cuts: Mapping[int, Cut], *, note: str, edition: int) -> Proposal:
    """Propose an amount for every line, at most what was asked, with the reason of each cut (line id → amount, reason).

    Raises LawRefusedError when the law does not allow the figures, TimingError for a plan that is over or under way
    without a note that says why.
    """
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        permit = _permit_to_propose(user, case, edition)
        row = permit.row
        lines = list(row.lines.all())
        amounts = {line.pk: _amount_of(line, cuts) for line in lines}
        if not sum(amounts.values()):
            raise Refused(_("核定金額合計是 0 元，請改用「建議不予補助」。"))
        if (late := timing.of_plan(row, clock.today())) and not note.strip():
            raise TimingError("".join(late) + _("請在承辦意見寫明為什麼仍然建議補助，或請協會補正日期。"))
        _judged, blocking = judge_amounts(row, amounts)
        if blocking:
            raise LawRefusedError(blocking)
        total = sum(amounts.values())
        permit.make(outcome=Proposal.Outcome.APPROVE, total=total)
        proposal = _new_proposal(user, row, Proposal.Outcome.APPROVE, note, total)
        ProposedLine.objects.bulk_create(
            ProposedLine(
                proposal=proposal,
                line=line,
                requested=line.requested or 0,
                amount=amounts[line.pk],
                reason="" if amounts[line.pk] == (line.requested or 0) else cuts[line.pk][1].strip(),
            )
            for line in lines
        )
        return proposal


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


def send_back(user: User, case: Application, *, note: str) -> Application:
    """Return the proposal to the officer with what to do; the case goes back to where it was when it was proposed."""
    with trail.unit_of_work(actor_for(user, case, Role.APPROVER)):
        row = lock_case(case)
        name = next((name for name in BACK if applications.TABLE.answer(row, name, user)), BACK[0])
        applications.move(row, name, user, note=note)
        proposal = row.proposals.get(decision=Proposal.Decision.OPEN)
        close_proposal(user, proposal, Proposal.Decision.SENT_BACK, note)
        if row.status == S.CORRECTION_REQUESTED:
            asked = row.corrections.get(answered_on__isnull=True)
            Deadline.objects.filter(subject_key=key_of(asked)).update(done_on=None)
        notices.about_case(row, notices.officers(row), "sent_back", _("主管退回，請重擬建議"), note)
        return row


def close_proposal(user: User, proposal: Proposal, decision: str, note: str = "") -> None:
    """Note the decision. Somebody who sends back their own proposal withdraws it, which is no decision."""
    proposal.decision, proposal.decision_note, proposal.decided_on = decision, note, clock.today()
    proposal.decided_by = None if proposal.proposed_by_id == user.pk else user
    proposal.save(update_fields=["decision", "decision_note", "decided_on", "decided_by"])


def _permit_to_propose(user: User, case: Application, edition: int) -> Permit[Application]:
    permit = applications.permit(lock_case(case), "propose", user)
    fresh(permit.row, edition)
    return permit


def _amount_of(line: BudgetLine, cuts: Mapping[int, Cut]) -> int:
    asked = line.requested or 0
    if line.pk not in cuts:
        raise Refused(_("經費項目和您看到的不同，請重新整理頁面。"))
    amount, reason = cuts[line.pk]
    if not 0 <= amount <= asked:
        raise Refused(_("核定金額不能超過申請金額。"))
    if amount < asked and not reason.strip():
        raise Refused(_("核減的項目都要寫理由，函文會逐項列出。"))
    return amount


def _new_proposal(user: User, row: Application, outcome: str, note: str, total: int) -> Proposal:
    proposal = Proposal.objects.create(
        application=row, outcome=outcome, total=total, note=note, proposed_by=user, proposed_on=clock.today()
    )
    others = [person for person in notices.approvers(row) if person.pk != user.pk]
    url = reverse("grants:case_decision", args=[row.number])
    notices.about_case(row, others, f"proposed-{proposal.pk}", _("請核定"), note, url)
    return proposal

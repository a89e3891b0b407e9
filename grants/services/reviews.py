"""From the counter to the approver's desk: receive, check, propose; corrections are asked for in correction_requests.

Every function is one unit of work. `edition` is that of the page that the person looked at: an older one is refused,
so that nobody overwrites what a colleague has just decided.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants import checklist, compliance
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import (
    Application,
    ChecklistAnswer,
    Deadline,
    Proposal,
    ProposedLine,
)
from grants.permissions import actor_for, holds
from grants.queries import corrections, timing
from grants.rules.findings import Finding
from grants.workflow import applications as workflow
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

from . import confirmations, deadline_rows, notify
from .applications import StaleError

CHECK = actions.register("application.check", _l("檢核"))
VERDICT = actions.register("application.verdict", _l("審查協會的說明"))

OFFICER, TOWNSHIP = (Role.CASE_OFFICER,), (Role.TOWNSHIP_OFFICER,)
CHECKED_IN = (S.COMPLETENESS_CHECK, S.UNDER_REVIEW)

Cut = tuple[int, str]


class LawRefusedError(Refused):
    """The approved figures break the law; `findings` say where, by how much, and what would pass."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("核定金額有 %(count)d 處與規定不符，請先改好。") % {"count": len(findings)})
        self.findings = findings


class PendingError(Refused):
    """Items that nobody has answered yet."""

    def __init__(self, waiting: list[str]) -> None:
        super().__init__(_("還有 %(count)d 項沒有檢核結果：%(items)s") % {
            "count": len(waiting), "items": "、".join(waiting[:5])})  # fmt: skip
        self.waiting = waiting


class TimingError(Refused):
    """The plan is over or under way, and nobody says why it is approved all the same."""


@dataclass(frozen=True)
class Answers:
    """What a posted checklist says: item key → (verdict, note), and justification id → (verdict, note)."""

    items: Mapping[str, tuple[str, str]]
    reasons: Mapping[int, tuple[str, str]]


def receive(user: User, case: Application) -> Application:
    """The officer takes the case. Pressed twice by the same officer, the second finds it taken."""
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = locked(case)
        if row.status == S.COMPLETENESS_CHECK and row.officer_id == user.pk:
            return row
        row = workflow.move(row, "receive", user)
        row.officer = user
        row.save(update_fields=["officer"])
        confirmations.received(row)
        return row


def forward(user: User, case: Application) -> Application:
    """The township's first review is passed: on to the county."""
    with trail.unit_of_work(actor_for(user, case, TOWNSHIP)):
        row = workflow.move(case, "forward", user)
        notify.about_case(row, notify.officers(row), "forwarded", _("公所轉來申請案，請收件"), row.title)
        confirmations.forwarded(row)
        return row


def answer(user: User, case: Application, answers: Answers, *, edition: int) -> Application:
    """Keep the officer's answers to checklist items and written reasons; only what changed is written."""
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = _checking(user, case, edition)
        known, asked = checklist.answers_of(row), {item.key: item.text for item in checklist.items_for(row)}
        before, after = {}, {}
        for key, (verdict, note) in answers.items.items():
            if key in asked and _keep_answer(user, row, known.get(key), key, verdict, note):
                before[asked[key]] = _said(known[key].verdict, known[key].note) if key in known else ""
                after[asked[key]] = _said(verdict, note)
        if after:
            trail.record(CHECK, row, before=before, after=after, case=row.number)
        if any(_keep_verdicts(user, row, answers.reasons)) or after:
            row.edition += 1
            row.save(update_fields=["edition"])
        return row


def complete(user: User, case: Application, *, edition: int) -> Application:
    """The check is done: every item and every written reason has an answer. Raises PendingError."""
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = locked(case)
        require(workflow.TABLE.answer(row, "complete", user))
        fresh(row, edition)
        if waiting := checklist.pending(row):
            raise PendingError(waiting)
        return workflow.move(row, "complete", user)


def judge_amounts(case: Application, amounts: Mapping[int, int] | None) -> tuple[compliance.Judgement, list[Finding]]:
    """The law on the figures to be approved (line id → whole NT dollars), and what of it blocks.

    Judged by the law of the day of filing. A warning whose written reason the officer refused blocks as an error
    does, unless its line gets nothing.
    """
    judged = compliance.judge(case, stage="approval", on=case.filed_on, amounts=amounts)
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
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = _proposable(user, case, edition)
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
        row = workflow.move(row, "propose", user, outcome=Proposal.Outcome.APPROVE, total=total)
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
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = _proposable(user, case, edition)
        if not note.strip():
            raise Refused(_("請寫不予補助的理由，函文會引用。"))
        row = workflow.move(row, "propose", user, outcome=Proposal.Outcome.REJECT, reason=note)
        return _new_proposal(user, row, Proposal.Outcome.REJECT, note, 0)


def propose_refusal(user: User, case: Application, *, reason: str) -> Proposal:
    """Propose not to take the case up (a bar, the window, a correction that never came); the letter gives the reason.

    A correction is waited for until its term is over; what ran stands still while the approver decides.
    """
    with trail.unit_of_work(actor_for(user, case, OFFICER)):
        row = locked(case)
        require(workflow.TABLE.answer(row, "propose_refusal", user))
        if not reason.strip():
            raise Refused(_("請寫不予受理的理由，函文會引用。"))
        row = workflow.move(row, "propose_refusal", user, outcome=Proposal.Outcome.NOT_ACCEPT, reason=reason)
        if row.officer_id is None:
            row.officer = user
            row.save(update_fields=["officer"])
        corrections.running(row).update(done_on=clock.today())
        return _new_proposal(user, row, Proposal.Outcome.NOT_ACCEPT, reason, 0)


# Where a proposal goes back to, the first that fits: the table's guards say which.
BACK = ("send_back", "send_back_to_correction", "send_back_to_check")


def send_back(user: User, case: Application, *, note: str) -> Application:
    """The approver returns the proposal to the officer, with what to do: to where the case was when it was proposed."""
    with trail.unit_of_work(actor_for(user, case, (Role.APPROVER,))):
        row = locked(case)
        answers = {name: workflow.TABLE.answer(row, name, user) for name in BACK}
        name = next((name for name in BACK if answers[name]), BACK[0])
        require(answers[name])
        row = workflow.move(row, name, user, note=note)
        proposal = row.proposals.get(decision=Proposal.Decision.OPEN)
        close_proposal(proposal, Proposal.Decision.SENT_BACK, user, note)
        if row.status == S.CORRECTION_REQUESTED:
            asked = row.corrections.get(answered_on__isnull=True)
            Deadline.objects.filter(subject_key=deadline_rows.key_of(asked)).update(done_on=None)
        notify.about_case(row, notify.officers(row), "sent_back", _("主管退回，請重擬建議"), note)
        return row


def close_proposal(proposal: Proposal, decision: str, user: User, note: str = "") -> None:
    """Note the decision; somebody who sends back their own proposal takes it back rather than decides."""
    proposal.decision, proposal.decision_note, proposal.decided_on = decision, note, clock.today()
    proposal.decided_by = None if proposal.proposed_by_id == user.pk else user
    proposal.save(update_fields=["decision", "decision_note", "decided_on", "decided_by"])


def locked(case: Application) -> Application:
    """The case as it stands now, locked, with what its letters and notices speak of."""
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("scheme", "programme", "organisation__township").get(pk=case.pk)


def fresh(row: Application, edition: int) -> None:
    """Refuse an older page. Raises StaleError."""
    if row.edition != edition:
        raise StaleError


def _checking(user: User, case: Application, edition: int) -> Application:
    row = locked(case)
    require(holds(user, row, OFFICER))
    if row.status not in CHECKED_IN:
        label = S(row.status).label
        raise Refused(_("這一件目前是「%(status)s」，不能再改檢核結果。") % {"status": label})
    fresh(row, edition)
    return row


def _proposable(user: User, case: Application, edition: int) -> Application:
    row = locked(case)
    require(workflow.TABLE.answer(row, "propose", user))
    fresh(row, edition)
    return row


def _keep_answer(
    user: User, row: Application, known: ChecklistAnswer | None, key: str, verdict: str, note: str
) -> bool:
    """Whether the answer is another than before."""
    if verdict == Verdict.REFUSED and not note.strip():
        raise Refused(_("不符合的項目請寫說明，補正或函文會用到。"))
    if known and (known.verdict, known.note) == (verdict, note):
        return False
    ChecklistAnswer.objects.update_or_create(
        application=row, item=key, defaults={"verdict": verdict, "note": note, "by": user, "on": clock.today()}
    )
    return True


def _said(verdict: str, note: str) -> str:
    words = str(Verdict(verdict).label)
    return f"{words}：{note}" if note else words


def _keep_verdicts(user: User, row: Application, verdicts: Mapping[int, tuple[str, str]]) -> list[bool]:
    changed = []
    for reason in row.justifications.filter(pk__in=verdicts):
        verdict, note = verdicts[reason.pk]
        if (reason.verdict, reason.verdict_note) == (verdict, note):
            continue
        before = {"verdict": reason.verdict, "note": reason.verdict_note}
        reason.verdict, reason.verdict_note, reason.verdict_by = verdict, note, user
        reason.save(update_fields=["verdict", "verdict_note", "verdict_by"])
        after = {"clause": reason.clause, "verdict": verdict, "note": note}
        trail.record(VERDICT, reason, before=before, after=after, case=row.number)
        changed.append(True)
    return changed


def _amount_of(line, cuts: Mapping[int, Cut]) -> int:
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
    others = [person for person in notify.approvers(row) if person.pk != user.pk]
    url = reverse("grants:case_decision", args=[row.number])
    notify.about_case(row, others, f"proposed-{proposal.pk}", _("請核定"), note, url)
    return proposal


def after_today(day: dt.date) -> None:
    if day <= clock.today():
        raise Refused(_("期限要在今天以後。"))

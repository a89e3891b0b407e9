"""The approver's decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance import checklist
from grants.enums import ApplicationStatus as S
from grants.forms.reviews import DecisionForm
from grants.models import Application, Proposal, ProposedLine
from grants.permissions import holds
from grants.queries.applications import timing
from grants.queries.applications.pages import item_name, quantity_words
from grants.queries.law import margins
from grants.queries.law.pages import label_of
from grants.queries.reviews.cases import record_of
from grants.queries.schemes import envelopes
from grants.services.awards.decisions import (
    OverEnvelopeError,
    ReasonMissingError,
    approve,
    crossed_terms,
    not_accept,
    over_envelope,
    plan_for,
    reject,
)
from grants.services.reviews import proposals
from grants.views.applications.cases import case_or_404
from grants.views.reviews.frame import case_context, moved_on, scored
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import require

DECIDED: dict[str, str] = {
    S.APPROVED: "grants:award_detail",
    S.REJECTED: "grants:application_detail",
    S.NOT_ACCEPTED: "grants:application_detail",
}
PROPOSES = {
    Proposal.Outcome.APPROVE: "approve",
    Proposal.Outcome.REJECT: "reject",
    Proposal.Outcome.NOT_ACCEPT: "not_accept",
}


@audience(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def case_decision(request: SignedIn, number: str) -> HttpResponse:
    """Show the proposal line by line with the law, the envelope and the applicant's record, and the buttons of the
    decision.
    """
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.APPROVER))
    if case.status in DECIDED and request.method == "POST":
        # The second of two clicks, or of two approvers, sees the outcome.
        return redirect(DECIDED[case.status], number)
    if case.status != S.PROPOSED:
        return moved_on(request, case, "approve")
    proposal = _open_proposal(case)
    initial = {"edition": case.edition, "proposal": proposal.pk}
    form = DecisionForm(request.POST or None, initial=initial)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, case, form)
        except (ReasonMissingError, proposals.TimingError) as refused:
            form.add_error("note", refused.reason)
        except (proposals.LawRefusedError, OverEnvelopeError) as refused:
            problems = [refused.reason]
    return _decision_page(request, case, proposal, form, problems)


def _decide(request: SignedIn, case: Application, form: DecisionForm) -> HttpResponse:
    data, command = form.cleaned_data, request.POST.get("command")
    if command == "approve":
        award = approve(
            request.user, case, memo_number=data["memo_number"], note=data["note"], proposal_id=data["proposal"]
        )
        messages.success(request, _("已核定，函稿和撥款計畫已經產生。"))
        return redirect("grants:award_detail", award.number)
    if command == "reject":
        reject(request.user, case, note=data["note"], proposal_id=data["proposal"])
        messages.success(request, _("已決定不予補助，函稿在公文裡。"))
    elif command == "not_accept":
        not_accept(request.user, case, note=data["note"], proposal_id=data["proposal"])
        messages.success(request, _("已決定不予受理，函稿在公文裡。"))
    elif command == "send_back":
        if not data["note"].strip():
            form.add_error("note", _("退回時請寫要承辦人怎麼改。"))
            return _decision_page(request, case, _open_proposal(case), form, [])
        proposals.send_back(request.user, case, note=data["note"])
        messages.success(request, _("已退回承辦人重擬。"))
    else:
        # The Enter key in a field presses a button without a command: nobody decides by accident.
        undecided = [_("還沒有決定：請按「核定」、「不予補助」、「不予受理」或「退回」。")]
        return _decision_page(request, case, _open_proposal(case), form, undecided)
    return redirect("grants:application_detail", case.number)


def _open_proposal(case: Application) -> Proposal:
    return case.proposals.select_related("proposed_by").get(decision=Proposal.Decision.OPEN)


def _decision_page(
    request: SignedIn, case: Application, proposal: Proposal, form: DecisionForm, problems: list[str]
) -> HttpResponse:
    lines = list(proposal.lines.select_related("line"))
    judged, blocking = proposals.judge_amounts(case, {row.line_id: row.amount for row in lines} or None)
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    reasons = margins.reasons_of(case)
    notes = margins.line_notes(judged.evaluation, [row.line for row in lines], reasons, book)
    use = envelopes.use_in(case.scheme_id, clock.today().year)
    approving = proposal.outcome == Proposal.Outcome.APPROVE
    over = over_envelope(case, use, proposal.total) if use and approving else ()
    if over:
        form.cite(label_of(over[0].clause, judged.ruleset))
    plan = plan_for(case, proposal.total) if approving else None
    context = case_context(case) | scored(case)
    context |= {
        "proposal": proposal,
        "approving": approving,
        "rows": [_decision_row(row, notes[row.line_id]) for row in lines],
        "requested": sum(row.requested for row in lines) or case.requested_total,
        "cut_lines": sum(1 for row in lines if row.amount < row.requested),
        "blocking": blocking if approving else [],
        "case_notes": margins.notes_of([f for f in judged.evaluation.findings if not f.line], reasons, book),
        "form": form,
        "problems": problems,
        "plan": plan,
        "crossed": crossed_terms(plan) if plan else "",
        "use": use,
        "left": use.left - proposal.total if use else None,
        "over": over,
        "unmet": checklist.refused(case),
        "record": record_of(case),
        "answer": applications.TABLE.answer(case, PROPOSES[Proposal.Outcome(proposal.outcome)], request.user),
        "refusing": proposal.outcome == Proposal.Outcome.NOT_ACCEPT,
        "may_reject": applications.TABLE.answer(case, "reject", request.user),
        "timing": timing.of_plan(case, clock.today()) if approving else [],
    }
    return render(request, "grants/reviews/decision.html", context, status=422 if problems or form.errors else 200)


def _decision_row(row: ProposedLine, notes: list[margins.Note]) -> dict[str, Any]:
    return {
        "proposed": row,
        "name": item_name(row.line),
        "quantities": quantity_words(row.line),
        "cut": row.requested - row.amount,
        "notes": notes,
    }

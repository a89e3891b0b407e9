"""The approver's decision, and the page of an award."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants import checklist
from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, RulingStatus
from grants.forms.reviews import DecisionForm
from grants.models import Application, Proposal, ProposedLine
from grants.permissions import holds, post_for
from grants.queries import case_pages, envelopes, margins, scope, timing
from grants.queries import reviews as reads
from grants.queries.duties import waiting
from grants.queries.law import label_of
from grants.queries.payments import movements, with_terms
from grants.queries.sanctions import of_award
from grants.rules.tasks import KINDS
from grants.services import awards, reviews
from grants.services.sanctions import in_words
from grants.workflow import applications as workflow
from grants.workflow.sanctions import OFFICERS as SANCTIONERS
from miaoli_kaohsiung.accounts.enums import COUNTY_STAFF, Role
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import require

from .applications import case_or_404
from .award_next import next_of_award
from .duties import cards as duty_cards
from .payments import instalment_cards
from .reviews import case_context, moved_on, scored

AWARD_ROLES = (Role.MEMBER, Role.TOWNSHIP_OFFICER, *COUNTY_STAFF, Role.AUDITOR)
INCIDENTS = KINDS["report_incidents"]
MAY_END = (AwardStatus.ACTIVE, AwardStatus.COMPLETED, AwardStatus.CLOSED)
DECIDED = {
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
def case_decision(request: HttpRequest, number: str) -> HttpResponse:
    """The proposal line by line with the law, the envelope and the applicant's record; the decision's buttons."""
    case = case_or_404(request, number)
    require(holds(request.user, case, awards.APPROVER))
    if case.status in DECIDED and request.method == "POST":
        # The second of two clicks, or of two approvers: they see the outcome.
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
        except (awards.ReasonMissingError, reviews.TimingError) as refused:
            form.add_error("note", refused.reason)
        except (reviews.LawRefusedError, awards.OverEnvelopeError) as refused:
            problems = [refused.reason]
    return _decision_page(request, case, proposal, form, problems)


def _decide(request: HttpRequest, case: Application, form: DecisionForm) -> HttpResponse:
    data, command = form.cleaned_data, request.POST.get("command")
    if command == "approve":
        award = awards.approve(
            request.user, case, memo_number=data["memo_number"], note=data["note"], proposal_id=data["proposal"]
        )
        messages.success(request, _("已核定，函稿和撥款計畫已經產生。"))
        return redirect("grants:award_detail", award.number)
    if command == "reject":
        awards.reject(request.user, case, note=data["note"], proposal_id=data["proposal"])
        messages.success(request, _("已決定不予補助，函稿在公文裡。"))
    elif command == "not_accept":
        awards.not_accept(request.user, case, note=data["note"], proposal_id=data["proposal"])
        messages.success(request, _("已決定不予受理，函稿在公文裡。"))
    elif command == "send_back":
        if not data["note"].strip():
            form.add_error("note", _("退回時請寫要承辦人怎麼改。"))
            return _decision_page(request, case, _open_proposal(case), form, [])
        reviews.send_back(request.user, case, note=data["note"])
        messages.success(request, _("已退回承辦人重擬。"))
    else:
        # The Enter key in a field presses a button without a command: nobody decides by accident.
        undecided = [_("還沒有決定：請按「核定」、「不予補助」、「不予受理」或「退回」。")]
        return _decision_page(request, case, _open_proposal(case), form, undecided)
    return redirect("grants:application_detail", case.number)


def _open_proposal(case: Application) -> Proposal:
    return case.proposals.select_related("proposed_by").get(decision=Proposal.Decision.OPEN)


def _decision_page(
    request: HttpRequest, case: Application, proposal: Proposal, form: DecisionForm, problems: list[str]
) -> HttpResponse:
    lines = list(proposal.lines.select_related("line"))
    judged, blocking = reviews.judge_amounts(case, {row.line_id: row.amount for row in lines} or None)
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    reasons = margins.reasons_of(case)
    notes = margins.line_notes(judged.evaluation, [row.line for row in lines], reasons, book)
    use = envelopes.use_in(case.scheme_id, clock.today().year)
    approving = proposal.outcome == Proposal.Outcome.APPROVE
    over = awards.over_envelope(case, use, proposal.total) if use and approving else ()
    if over:
        form.cite(label_of(over[0].clause, judged.ruleset))
    plan = awards.plan_for(case, proposal.total) if approving else None
    context = case_context(case) | scored(case, judged.ruleset)
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
        "crossed": awards.crossed_terms(plan) if plan else "",
        "use": use,
        "left": use.left - proposal.total if use else None,
        "over": over,
        "unmet": checklist.refused(case),
        "record": reads.record_of(case),
        "answer": workflow.TABLE.answer(case, PROPOSES[Proposal.Outcome(proposal.outcome)], request.user),
        "refusing": proposal.outcome == Proposal.Outcome.NOT_ACCEPT,
        "may_reject": workflow.TABLE.answer(case, "reject", request.user),
        "timing": timing.of_plan(case, clock.today()) if approving else [],
    }
    return render(request, "grants/reviews/decision.html", context, status=422 if problems or form.errors else 200)


def _decision_row(row: ProposedLine, notes: list[margins.Note]) -> dict[str, Any]:
    return {
        "proposed": row,
        "name": case_pages.item_name(row.line),
        "quantities": case_pages.quantity_words(row.line),
        "cut": row.requested - row.amount,
        "notes": notes,
    }


@audience(*AWARD_ROLES)
@require_GET
def award_detail(request: HttpRequest, number: str) -> HttpResponse:
    """An award: what was approved line by line, its instalments, letters, deadlines and history."""
    rows = scope.awards(request.user).select_related(
        "application__organisation", "application__scheme", "application__programme", "envelope", "approved_by",
        "proposed_by", "settlement",
    )  # fmt: skip
    award = get_object_or_404(with_terms(rows), number=number)
    lines = list(award.lines.all())
    cards = instalment_cards(request.user, award)
    context: dict[str, Any] = case_context(award.application) | {
        "award": award,
        "lines": [{"line": line, "name": case_pages.catalogue.items()[line.item].name} for line in lines],
        "requested": sum(line.requested for line in lines),
        "cards": cards,
        "next": next_of_award(request.user, award, cards),
        "money": movements(award),
        "letters": scope.letters(request.user).filter(application=award.application),
        "deadlines": award.deadlines.all(),
        "duties": duty_cards(waiting(award.duties.all())[:6]),
        "incidents": award.application.programme.code in INCIDENTS.programmes,
        "history": case_pages.history(award.application, request.user),
    }
    staff = post_for(request.user, award.application, (*COUNTY_STAFF, Role.AUDITOR)) is not None
    decisions = list(of_award(award.pk, drafts=staff))
    context |= {"staff": staff, "sanctions": [(row, in_words(row)) for row in decisions]}
    context["may_sanction"] = award.status in MAY_END and post_for(request.user, award.application, SANCTIONERS)
    context["may_sanction"] = context["may_sanction"] and not any(
        row.status != RulingStatus.REFUSED for row in decisions
    )
    return render(request, "grants/awards/detail.html", context)

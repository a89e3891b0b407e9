"""The approver's decision."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance import checklist
from grants.compliance.judging import Judgement
from grants.enums import ApplicationStatus as S
from grants.enums import ConditionStage
from grants.forms.reviews import DecisionForm
from grants.models import Application, Proposal, ProposedLine
from grants.permissions import holds
from grants.queries.applications.pages import item_name, materials, quantity_words
from grants.queries.desk.next_case import next_case
from grants.queries.law import margins
from grants.queries.law.pages import label_of
from grants.queries.reviews.cases import record_of
from grants.queries.reviews.concerns import unseen
from grants.queries.reviews.county_rules import rules_of
from grants.queries.schemes import envelopes
from grants.services.awards.deciding import may_decide
from grants.services.awards.decisions import (
    OverEnvelopeError,
    ReasonMissingError,
    Terms,
    approve,
    not_accept,
    over_envelope,
    reject,
)
from grants.services.awards.plans import crossed_terms, plan_for
from grants.services.awards.storing import paid_before
from grants.services.reviews import proposals
from grants.services.reviews.checks import DayError
from grants.views.applications.cases import case_or_404
from grants.views.reviews.frame import case_context, done, moved_on, scored
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Answer, require
from miaoli_kaohsiung.lib.roc_date import format_roc

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
    form = _form(request, case, proposal)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, case, form)
        except ReasonMissingError as refused:
            form.add_error("note", refused.reason)
        except proposals.UnansweredError as refused:
            for key in refused.keys:
                form.add_error(f"seen-{key}", _("請先看過再勾選。"))
        except proposals.FiguresError as refused:
            for line, sentences in refused.by_line.items():
                form.add_error(f"reason-{line}", sentences)
        except (proposals.LawRefusedError, OverEnvelopeError) as refused:
            problems = [refused.reason]
    return _decision_page(request, case, proposal, form, problems)


def _form(request: SignedIn, case: Application, proposal: Proposal) -> DecisionForm:
    """Return the form as posted, or with the figures and conditions that were proposed."""
    rows = list(proposal.lines.select_related("line"))
    initial: dict[str, Any] = {"edition": case.edition, "proposal": proposal.pk}
    for stage in ConditionStage:
        initial[f"conditions_{stage}"] = "\n".join(one["text"] for one in proposal.conditions if one["stage"] == stage)
    return DecisionForm(
        request.POST or None,
        lines=[row.line for row in rows],
        earlier={row.line_id: (row.amount, row.reason) for row in rows},
        concerns=unseen(case, proposal) if proposal.outcome == Proposal.Outcome.APPROVE else [],
        initial=initial,
    )


def _decide(request: SignedIn, case: Application, form: DecisionForm) -> HttpResponse:
    data, command = form.cleaned_data, request.POST.get("command")
    match command:
        case "approve":
            return _approve(request, case, form)
        case "reject":
            reject(request.user, case, note=data["note"], proposal_id=data["proposal"])
            done(request, _("已決定不予補助，函稿在公文裡。"), "decide")
        case "not_accept":
            not_accept(request.user, case, note=data["note"], proposal_id=data["proposal"])
            done(request, _("已決定不予受理，函稿在公文裡。"), "decide")
        case "send_back" if data["note"].strip():
            proposals.send_back(request.user, case, note=data["note"])
            done(request, _("已退回承辦人重擬。"), "decide")
        case "send_back":
            form.add_error("note", _("退回時請寫要承辦人怎麼改。"))
            return _decision_page(request, case, _open_proposal(case), form, [])
        case "defer":
            return _defer(request, case, form)
        case _:
            # The Enter key in a field presses a button without a command: nobody decides by accident.
            undecided = [_("還沒有決定：請按「核定」、「不予補助」、「不予受理」、「暫緩」或「退回」。")]
            return _decision_page(request, case, _open_proposal(case), form, undecided)
    return redirect("grants:application_detail", case.number)


def _approve(request: SignedIn, case: Application, form: DecisionForm) -> HttpResponse:
    data = form.cleaned_data
    award = approve(
        request.user,
        case,
        memo_number=data["memo_number"],
        note=data["note"],
        proposal_id=data["proposal"],
        decided=Terms(form.figures(), form.conditions(), form.seen()),
    )
    done(request, _("已核定，函稿和撥款計畫已經產生。"), "decide")
    return redirect("grants:award_detail", award.number)


def _defer(request: SignedIn, case: Application, form: DecisionForm) -> HttpResponse:
    data = form.cleaned_data
    if not data["defer_until"]:
        form.add_error("defer_until", _("請填暫緩到哪一天。"))
    if not data["note"].strip():
        form.add_error("note", _("請在主管意見寫暫緩的理由，承辦人和申請單位都會看到。"))
    if form.errors:
        return _decision_page(request, case, _open_proposal(case), form, [])
    try:
        proposals.defer(request.user, case, until=data["defer_until"], note=data["note"], proposal_id=data["proposal"])
    except DayError as refused:
        form.add_error("defer_until", refused.reason)
        return _decision_page(request, case, _open_proposal(case), form, [])
    done(request, _("已暫緩，%(day)s會回到待核定。") % {"day": format_roc(data["defer_until"])}, "decide")
    return redirect("grants:application_detail", case.number)


def _open_proposal(case: Application) -> Proposal:
    return case.proposals.select_related("proposed_by").get(decision=Proposal.Decision.OPEN)


def _decision_page(
    request: SignedIn, case: Application, proposal: Proposal, form: DecisionForm, problems: list[str]
) -> HttpResponse:
    lines = list(proposal.lines.select_related("line"))
    approving = proposal.outcome == Proposal.Outcome.APPROVE
    figures = form.typed() if approving else {}
    total = sum(amount for amount, _reason in figures.values())
    judged, blocking = proposals.judge_amounts(
        case, {key: amount for key, (amount, _reason) in figures.items()} or None
    )
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    reasons = margins.reasons_of(case)
    notes = margins.line_notes(judged.evaluation, [row.line for row in lines], reasons, book)
    record = record_of(case)
    context = (
        case_context(case) | materials(case) | scored(case) | _money(case, form, judged, total if approving else 0)
    )
    context |= {
        "paid_before": paid_before(case),
        "proposal": proposal,
        "approving": approving,
        "rows": [_decision_row(row, notes[row.line_id], form, figures.get(row.line_id)) for row in lines],
        "requested": sum(row.requested for row in lines) or case.requested_total,
        "cut_lines": sum(1 for row in lines if row.amount < row.requested),
        "blocking": blocking if approving else [],
        "case_notes": margins.notes_of([f for f in judged.evaluation.findings if not f.line], reasons, book),
        "form": form,
        "problems": problems,
        "unmet": checklist.refused(case),
        "next_case": next_case(request.user, ("decide",), case),
        "record": record,
        "record_in_pane": bool(record.last_year),
        "reasons": rules_of(case.county, clock.today()).reasons,
        "answer": _answer(request, case, proposal, total),
        "refusing": proposal.outcome == Proposal.Outcome.NOT_ACCEPT,
        "may_reject": applications.TABLE.answer(case, "reject", request.user),
    }
    return render(request, "grants/reviews/decision.html", context, status=422 if problems or form.errors else 200)


def _money(case: Application, form: DecisionForm, judged: Judgement, total: int) -> dict[str, Any]:
    """Return how the total would be paid, and what it leaves of the year's envelope; `total` is 0 for a refusal."""
    use = envelopes.use_in(case.scheme_id, clock.today().year)
    over = over_envelope(case, use, total) if use and total else ()
    if over:
        form.cite(label_of(over[0].clause, judged.ruleset))
    plan = plan_for(case, total) if total else None
    return {
        "total": total,
        "plan": plan,
        "crossed": crossed_terms(plan) if plan else "",
        "use": use,
        "left": use.left - total if use else None,
        "over": over,
    }


def _answer(request: SignedIn, case: Application, proposal: Proposal, total: int) -> Answer:
    """Return whether this person may make the proposed decision, four eyes and levels by amount included."""
    answer = applications.TABLE.answer(case, PROPOSES[Proposal.Outcome(proposal.outcome)], request.user)
    if answer and proposal.outcome == Proposal.Outcome.APPROVE:
        return may_decide(request.user, case, total)
    return answer


def _decision_row(
    row: ProposedLine, notes: list[margins.Note], form: DecisionForm, figures: proposals.Cut | None
) -> dict[str, Any]:
    amount = figures[0] if figures else row.amount
    return {
        "proposed": row,
        "name": item_name(row.line),
        "quantities": quantity_words(row.line),
        "cut": row.requested - amount,
        "notes": notes,
        "amount": form.amount_field(row.line),
        "reason": form.reason_field(row.line),
    }

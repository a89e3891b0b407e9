"""The officer's proposal: an amount for each line with the law beside it, or the proposal to reject."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance import checklist
from grants.enums import ApplicationStatus as S
from grants.forms.reviews import ProposalForm, RejectionForm
from grants.models import Application, BudgetLine
from grants.permissions import holds
from grants.queries.applications import timing
from grants.queries.applications.pages import item_name, quantity_words
from grants.queries.law import margins
from grants.queries.reviews.cases import record_of
from grants.queries.schemes import envelopes
from grants.services.applications.drafts import StaleError
from grants.services.awards import decisions
from grants.services.reviews import proposals
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.money import format_amount

from .frame import case_context, moved_on, scored


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def case_proposal(request: SignedIn, number: str) -> HttpResponse:
    """Show an amount for each line with the law on the figures beside it, or the proposal to reject."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    if case.status != S.UNDER_REVIEW and request.headers.get("Accept") == "application/json":
        return JsonResponse({}, status=409)
    if case.status != S.UNDER_REVIEW:
        return moved_on(request, case, "propose")
    if request.POST.get("command") == "reject":
        return _propose_rejection(request, case)
    lines = list(case.lines.all())
    earlier_cuts = _earlier_cuts(case)
    form = _proposal_form(request, case, lines, earlier_cuts)
    if request.headers.get("Accept") == "application/json":
        return _parts(request, case, form, lines)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid() and request.POST.get("command") == "propose":
        try:
            proposals.propose(
                request.user, case, form.typed(), note=form.cleaned_data["note"], edition=form.cleaned_data["edition"]
            )
        except proposals.TimingError as refused:
            form.add_error("note", refused.reason)
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已提出核定建議，通知主管核定。"))
            return redirect("grants:application_detail", number)
    rejection = RejectionForm(initial={"edition": case.edition})
    return _proposal_page(request, case, form, rejection, lines, problems)


def _proposal_form(
    request: SignedIn, case: Application, lines: list[BudgetLine], earlier_cuts: dict[int, Any]
) -> ProposalForm:
    """Return the form as posted, with 改為上限 carried out if that button was pressed."""
    if request.method != "POST":
        return ProposalForm(lines=lines, earlier=earlier_cuts, initial={"edition": case.edition})
    form = ProposalForm(request.POST, lines=lines, earlier=earlier_cuts)
    command, _colon, argument = request.POST.get("command", "").partition(":")
    line = next((line for line in lines if str(line.pk) == argument), None)
    if command != "cap" or line is None:
        return form
    form.is_valid()
    typed = form.typed()
    judged, _blocking = proposals.judge_amounts(case, {key: amount for key, (amount, _reason) in typed.items()})
    finding = judged.evaluation.tightest(str(line.pk))
    if finding is None:
        return form
    data = request.POST.copy()
    most = max(0, min(finding.suggested, line.requested or 0))
    data[f"amount-{line.pk}"] = str(most)
    words, book = typed[line.pk][1].strip(), margins.Lawbook(judged.ruleset, case.scheme.slug)
    # The officer's own words stay; a reason from an earlier press would name another figure.
    if not words or words.endswith(f"（{book.label(finding.clause)}）"):
        data[f"reason-{line.pk}"] = margins.cut_reason(finding, book) if most == finding.suggested else ""
    return ProposalForm(data, lines=lines, earlier=earlier_cuts)


def _propose_rejection(request: SignedIn, case: Application) -> HttpResponse:
    form = RejectionForm(request.POST)
    lines = list(case.lines.all())
    amounts = ProposalForm(lines=lines, earlier=_earlier_cuts(case), initial={"edition": case.edition})
    if not form.is_valid():
        return _proposal_page(request, case, amounts, form, lines, [])
    try:
        data = form.cleaned_data
        proposals.propose_rejection(request.user, case, note=data["reason"], edition=data["edition"])
    except StaleError as stale:
        return _proposal_page(request, case, amounts, form, lines, [stale.reason])
    messages.success(request, _("已建議不予補助，通知主管決定。"))
    return redirect("grants:application_detail", case.number)


def _proposal_page(
    request: SignedIn,
    case: Application,
    form: ProposalForm,
    rejection: RejectionForm,
    lines: list[BudgetLine],
    problems: list[str],
) -> HttpResponse:
    context = (
        case_context(case)
        | _judged(case, form, lines)
        | scored(case)
        | {
            "form": form,
            "rejection": rejection,
            "problems": problems,
            "forms": [form, rejection],
            "show": bool(form.errors or rejection.errors),
            "unmet": checklist.refused(case),
            "record": record_of(case),
            "timing": timing.of_plan(case, clock.today()),
            "sent_back": case.proposals.filter(decision="sent_back").first(),
        }
    )
    wrong = form.errors or rejection.errors or (problems and request.method == "POST")
    return render(request, "grants/reviews/proposal.html", context, status=422 if wrong else 200)


def _judged(case: Application, form: ProposalForm, lines: list[BudgetLine]) -> dict[str, Any]:
    """Return the sums of the typed amounts and what the law says of them: the parts of the page that follow the typing."""
    typed = form.typed()
    amounts = {key: amount for key, (amount, _reason) in typed.items()}
    judged, blocking = proposals.judge_amounts(case, amounts)
    total = sum(amounts.values())
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    reasons = margins.reasons_of(case)
    notes = margins.line_notes(judged.evaluation, lines, reasons, book)
    use = envelopes.use_in(case.scheme_id, clock.today().year)
    return {
        "case": case,
        "rows": [_row(form, line, _in_force(notes[line.pk], amounts[line.pk])) for line in lines],
        "blocking": blocking,
        "case_notes": margins.notes_of([f for f in judged.evaluation.findings if not f.line], reasons, book),
        "total": total,
        "plan": decisions.plan_for(case, total) if total else None,
        "use": use,
        "left": use.left - total if use else None,
    }


# The parts that live-check.js puts into the page, by the id of their place.
_LIVE = {"proposal-next": "_proposal_next", "proposal-notes": "_proposal_notes", "proposal-money": "_money"}


def _parts(request: SignedIn, case: Application, form: ProposalForm, lines: list[BudgetLine]) -> JsonResponse:
    """Return the answer to typing; nothing is stored. An amount that cannot be read has an error and leaves the rest
    alone.
    """
    form.is_valid()
    wrong = [form.amount_field(line) for line in lines if form.amount_field(line).errors]
    if wrong:
        return JsonResponse({"parts": {}, "trouble": f"{wrong[0].label}：{wrong[0].errors[0]}"})
    context = _judged(case, form, lines)

    def drawn(name: str, **more: Any) -> str:
        return render_to_string(f"grants/reviews/{name}.html", context | more, request)

    parts = {place: drawn(name) for place, name in _LIVE.items()}
    parts |= {f"margin-{row['line'].pk}": drawn("_proposal_margin", row=row) for row in context["rows"]}
    message = _("建議核定 %(total)s 元。") % {"total": format_amount(context["total"])}
    if wrong_lines := len(context["blocking"]):
        message += _("還有 %(n)d 處與規定不符。") % {"n": wrong_lines}
    return JsonResponse({"parts": parts, "announce": message})


def _in_force(notes: list[margins.Note], amount: int) -> list[margins.Note]:
    """Return the notes that still stop: a refused reason stops nothing if the line gets nothing."""
    return notes if amount else [replace(note, refused=False) for note in notes]


def _row(form: ProposalForm, line: BudgetLine, notes: list[margins.Note]) -> dict[str, Any]:
    return {
        "line": line,
        "name": item_name(line),
        "quantities": quantity_words(line),
        "amount": form.amount_field(line),
        "reason": form.reason_field(line),
        "notes": notes,
    }


def _earlier_cuts(case: Application) -> dict[int, proposals.Cut]:
    """Return the figures of the proposal that was sent back, to start from."""
    earlier = case.proposals.filter(decision="sent_back", outcome="approve").first()
    return {row.line_id: (row.amount, row.reason) for row in earlier.lines.all()} if earlier else {}

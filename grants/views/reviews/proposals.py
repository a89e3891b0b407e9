"""The officer's proposal: an amount for each line with the law beside it, or the proposal to reject."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grants.compliance import checklist, cut_reasons
from grants.compliance.rulesets import ruleset_for
from grants.enums import ApplicationStatus as S
from grants.enums import ConditionStage
from grants.forms.reviews import ProposalForm, RejectionForm
from grants.models import Application, BudgetLine, ProposalDraft, ProposedLine
from grants.permissions import holds
from grants.queries.applications.pages import item_name, materials, quantity_words
from grants.queries.desk.next_case import next_case
from grants.queries.law import margins
from grants.queries.reviews.cases import record_of
from grants.queries.reviews.concerns import concerns_of
from grants.queries.reviews.county_rules import rules_of
from grants.queries.schemes import envelopes
from grants.rules import catalogue
from grants.services.applications.drafts import StaleError
from grants.services.awards import plans
from grants.services.reviews import proposals
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.money import format_amount

from .frame import case_context, done, moved_on, scored

# The longest text of one field of a draft.
LONGEST = 2000


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
    form = _proposal_form(request, case, lines)
    if request.headers.get("Accept") == "application/json":
        proposals.save_draft(request.user, case, _draft_of(request, form))
        return _parts(request, case, form, lines)
    problems: list[str] = []
    command = request.POST.get("command")
    if request.method == "POST" and command == "propose" and form.is_valid():
        try:
            return _propose(request, case, form)
        except proposals.UnansweredError as refused:
            for key in refused.keys:
                form.add_error(f"concern-{key}", _("請說明為什麼仍然建議補助，或請協會補正、建議不予補助。"))
        except Refused as refused:
            problems = [refused.reason]
    elif request.method == "POST":
        proposals.save_draft(request.user, case, _draft_of(request, form))
        if command == "save":
            messages.success(request, _("草稿已存在縣府，下次打開會接著寫。"))
            return redirect("grants:case_proposal", number)
    rejection = RejectionForm(initial={"edition": case.edition})
    return _proposal_page(request, case, form, rejection, lines, problems)


def _propose(request: SignedIn, case: Application, form: ProposalForm) -> HttpResponse:
    data = form.cleaned_data
    proposals.propose(
        request.user,
        case,
        form.typed(),
        note=data["note"],
        edition=data["edition"],
        answers=form.answers(),
        conditions=form.conditions(),
    )
    done(request, _("已提出核定建議，通知主管核定。"), "propose")
    return redirect("grants:application_detail", case.number)


@audience(Role.CASE_OFFICER)
@require_POST
def case_take_back(request: SignedIn, number: str) -> HttpResponse:
    """Take a proposal back before it is decided."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    if case.status != S.PROPOSED:
        return moved_on(request, case, "take_back_proposal")
    case = proposals.take_back(request.user, case)
    messages.success(request, _("已收回建議，可以修改後再提。"))
    return redirect("grants:case_proposal" if case.status == S.UNDER_REVIEW else "grants:application_detail", number)


def _draft_of(request: SignedIn, form: ProposalForm) -> dict[str, str]:
    """Return what was typed into the form's fields, without what belongs to the page alone."""
    names = [field.html_name for field in form if field.name != "edition"]
    posted = request.POST
    return {name: posted[name].replace("\x00", "")[:LONGEST] for name in names if name in posted}


def _kept_form(case: Application, lines: list[BudgetLine]) -> ProposalForm:
    """Return the form with the draft that was kept, else with the figures of a proposal that was returned."""
    concerns = concerns_of(case)
    draft = ProposalDraft.objects.filter(application=case).first()
    if draft is None:
        earlier, initial = _earlier(case)
        return ProposalForm(
            lines=lines, earlier=earlier, concerns=concerns, initial=initial | {"edition": case.edition}
        )
    kept = ProposalForm(draft.data | {"edition": case.edition}, lines=lines, earlier={}, concerns=concerns)
    kept.is_valid()
    # Amounts and reasons are read above; as they were typed they are no initial values.
    words = {name: text for name, text in draft.data.items() if not name.startswith(("amount-", "reason-"))}
    initial = words | {"edition": case.edition}
    return ProposalForm(lines=lines, earlier=kept.typed(), concerns=concerns, initial=initial)


def _proposal_form(request: SignedIn, case: Application, lines: list[BudgetLine]) -> ProposalForm:
    """Return the form as posted, with 改為上限 or 重寫理由 carried out if that button was pressed."""
    if request.method != "POST":
        return _kept_form(case, lines)
    form = ProposalForm(request.POST, lines=lines, earlier={}, concerns=concerns_of(case))
    command, _colon, argument = request.POST.get("command", "").partition(":")
    line = next((line for line in lines if str(line.pk) == argument), None)
    if command not in ("cap", "rewrite") or line is None:
        return form
    form.is_valid()
    changed = (_capped if command == "cap" else _rewritten)(case, form, line)
    data = request.POST.copy()
    for name, value in changed.items():
        data[f"{name}-{line.pk}"] = value
    return ProposalForm(data, lines=lines, earlier={}, concerns=form.concerns)


def _capped(case: Application, form: ProposalForm, line: BudgetLine) -> dict[str, str]:
    """Return the amount that the law allows in its strictest reading, and a reason whose figures are those of the row.

    The officer's own words stay, as long as they fit.
    """
    typed = form.typed()
    judged, _blocking = proposals.judge_amounts(case, {key: amount for key, (amount, _reason) in typed.items()})
    finding = judged.evaluation.tightest(str(line.pk))
    if finding is None:
        return {}
    asked = line.asked
    most, words = max(0, min(finding.suggested, asked)), typed[line.pk][1].strip()
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    label = book.label(finding.clause)
    # The officer's own words stay; a reason from an earlier press would name another figure.
    own = words if words and not words.endswith(f"（{label}）") else margins.cut_reason(finding, book)
    reason = cut_reasons.fitting(own, label, asked, most) if most < asked else ""
    return {"amount": str(most), "reason": reason}


def _rewritten(case: Application, form: ProposalForm, line: BudgetLine) -> dict[str, str]:
    """Return a reason made of the row's figures and the item's clause."""
    amount, asked = form.typed()[line.pk][0], line.asked
    book = margins.Lawbook(ruleset_for(case.scheme, case.filed_on or clock.today()), case.scheme.slug)
    label = book.label(catalogue.items()[line.item].clause)
    return {"reason": cut_reasons.fitting("", label, asked, amount) if amount < asked else ""}


def _propose_rejection(request: SignedIn, case: Application) -> HttpResponse:
    form = RejectionForm(request.POST)
    lines = list(case.lines.all())
    amounts = _kept_form(case, lines)
    if not form.is_valid():
        return _proposal_page(request, case, amounts, form, lines, [])
    try:
        data = form.cleaned_data
        proposals.propose_rejection(request.user, case, note=data["reason"], edition=data["edition"])
    except StaleError as stale:
        return _proposal_page(request, case, amounts, form, lines, [stale.reason])
    done(request, _("已建議不予補助，通知主管決定。"), "propose")
    return redirect("grants:application_detail", case.number)


def _proposal_page(
    request: SignedIn,
    case: Application,
    form: ProposalForm,
    rejection: RejectionForm,
    lines: list[BudgetLine],
    problems: list[str],
) -> HttpResponse:
    record = record_of(case)
    context = (
        case_context(case)
        | materials(case)
        | _judged(case, form, lines)
        | scored(case)
        | {
            "form": form,
            "rejection": rejection,
            "problems": problems,
            "forms": [form, rejection],
            "show": bool(form.errors or rejection.errors),
            "unmet": checklist.refused(case),
            "next_case": next_case(request.user, ("check", "receive", "propose"), case),
            "record": record,
            "record_in_pane": bool(record.last_year),
            "reasons": rules_of(case.county, clock.today()).reasons,
            "draft": ProposalDraft.objects.filter(application=case).select_related("saved_by").first(),
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
        "plan": plans.plan_for(case, total) if total else None,
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


def _earlier(case: Application) -> tuple[dict[int, proposals.Cut], dict[str, str]]:
    """Return the figures and the words of the last proposal, which was returned, taken back or decided, to start from."""
    earlier = case.proposals.exclude(decision="open").first()
    if earlier is None or earlier.outcome != "approve":
        return {}, {}
    words = {"note": earlier.note} | {f"concern-{row.key}": row.answer for row in earlier.concerns.all()}
    for stage in ConditionStage:
        words[f"conditions_{stage}"] = "\n".join(one["text"] for one in earlier.conditions if one["stage"] == stage)
    return {row.line_id: _newest(row) for row in earlier.lines.all()}, words


def _newest(row: ProposedLine) -> proposals.Cut:
    """Return what was decided for the line, else what was proposed."""
    return (row.amount, row.reason) if row.decided is None else (row.decided, row.decided_reason)

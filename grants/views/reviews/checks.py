"""Deciding on a case: receive, forward, check, correction, refusal to accept. The decision itself is in views.awards."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grants.compliance import checklist
from grants.compliance.judging import Judgement, judge
from grants.compliance.rulesets import ruleset_for
from grants.enums import AT_THE_COUNTER, BEING_CHECKED, LetterStatus, Verdict
from grants.enums import ApplicationStatus as S
from grants.forms.applications.correction_requests import CorrectionForm, DeliveryForm
from grants.forms.reviews import NOTE_LENGTH, ChecklistForm, ExtensionForm, ReasonForm
from grants.models import Application, ReviewAssignment
from grants.permissions import holds
from grants.queries.applications import next_steps
from grants.queries.applications.corrections import named_in
from grants.queries.applications.forwarding import first_review_of
from grants.queries.applications.pages import item_name, materials, own_answers
from grants.queries.applications.places import places_of
from grants.queries.desk.next_case import next_case
from grants.queries.law import margins
from grants.queries.letters import letters_of
from grants.queries.reviews.cases import changed_since_correction, record_of, written_reasons
from grants.rules.checklist import BUDGET, PLAN
from grants.services.applications import correction_requests
from grants.services.applications.drafts import StaleError
from grants.services.reviews import checks, proposals
from grants.views.applications import opened
from grants.views.applications.cases import case_or_404
from grants.views.reviews.frame import case_context, form_page, moved_on, scored
from grants.workflow import applications
from miaoli_kaohsiung.accounts.audiences import CHECK_READERS, CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.roc_date import format_roc


@audience(Role.CASE_OFFICER)
@require_POST
def case_receive(request: SignedIn, number: str) -> HttpResponse:
    """Let the officer take the case and go on to the check."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    if case.status not in AT_THE_COUNTER:
        return moved_on(request, case, "receive")
    checks.receive(request.user, case)
    messages.success(request, _("已收件，由您承辦。"))
    return redirect("grants:case_check", number)


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def case_check(request: SignedIn, number: str) -> HttpResponse:
    """Tick or refuse every paper and clause, answer every written reason, then complete the check."""
    case = case_or_404(request, number)
    officer = bool(holds(request.user, case, Role.CASE_OFFICER))
    editable = officer and case.status in BEING_CHECKED
    if request.method == "POST":
        require(holds(request.user, case, Role.CASE_OFFICER))
        if not editable:
            return moved_on(request, case, "complete")
    judged = judge(case, stage="approval", on=case.filed_on)
    form = _checklist_form(request, case, judged)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _keep_check(request, case, form)
        except StaleError as stale:
            # Changes saved here or by a colleague are shown; what was typed is still in the form.
            problems = [stale.reason]
        except checks.PendingError:
            form.mark_open()
        case.refresh_from_db(fields=["edition"])
        form.show_edition(case.edition)
    context = {
        **case_context(case),
        **materials(case, judged),
        **_check_context(request, case, form, judged),
        "problems": problems,
        "editable": editable,
        "may_complete": editable and case.status == S.COMPLETENESS_CHECK,
    }
    status = 409 if problems else 422 if form.errors else 200
    return render(request, "grants/reviews/check.html", context, status=status)


def _check_context(request: SignedIn, case: Application, form: ChecklistForm, judged: Judgement) -> dict[str, Any]:
    """Return what stands beside and below the checklist."""
    user, scores, record = request.user, scored(case), record_of(case)
    return {
        "form": form,
        "open_items": form.open_rows(),
        # Without a script plan and budget are in view at once.
        "at_once": (PLAN, BUDGET),
        "scored_item": _scored_item(case, scores["reviewers"]),
        "next": next_steps.next_of(case, user),
        "next_case": next_case(user, ("check", "receive", "propose"), case),
        "propose": applications.TABLE["propose"].button,
        "changes": changed_since_correction(case),
        "correction": case.corrections.first(),
        "own_answers": own_answers(case),
        "findings": _notes(case, judged),
        "letters": letters_of(case, user),
        "record": record,
        "record_in_pane": bool(record.last_year),
        **scores,
    }


def _scored_item(case: Application, reviewers: list[ReviewAssignment]) -> dict[str, Any] | None:
    """Return the item that the scores answer and how many have scored; None while no reviewer is named."""
    asked = [row for row in reviewers if row.interest != ReviewAssignment.Interest.CONFLICT]
    item = checklist.scored_item(case) if asked else None
    if item is None:
        return None
    return {"text": item.text, "done": sum(row.submitted_on is not None for row in asked), "all": len(asked)}


def _checklist_form(request: SignedIn, case: Application, judged: Judgement) -> ChecklistForm:
    return ChecklistForm(
        request.POST or None,
        items=checklist.items_for(case),
        reasons=written_reasons(case, judged.evaluation, margins.Lawbook(judged.ruleset, case.scheme.slug)),
        known=checklist.answers_of(case),
        initial={"edition": case.edition},
    )


def _keep_check(request: SignedIn, case: Application, form: ChecklistForm) -> HttpResponse:
    command, answers = request.POST.get("command"), form.answers()
    if command == "seen":
        answers = form.accept_seen({*request.POST.getlist("seen"), *opened.places(request, case)})
    case = checks.answer(request.user, case, answers, edition=form.cleaned_data["edition"])
    if command == "seen":
        return _say_what_is_left(request, case, form, answers)
    if command == "complete":
        checks.complete(request.user, case, edition=case.edition)
        messages.success(request, _("檢核完成，進入審查。"))
        return redirect("grants:case_proposal", case.number)
    messages.success(request, _("檢核結果已儲存。"))
    if command == "correct":
        return redirect("grants:case_correction", case.number)
    return redirect("grants:case_check", case.number)


def _say_what_is_left(
    request: SignedIn, case: Application, form: ChecklistForm, answers: checks.Answers
) -> HttpResponse:
    marked = len(answers.items) - len(form.answers().items)
    left = len(form.asked) + len(form.reasons) - len(answers.items) - len(answers.reasons)
    if left:
        messages.info(
            request, _("看過的 %(marked)d 項記為符合，還有 %(left)d 項要看。") % {"marked": marked, "left": left}
        )
    else:
        messages.success(request, _("看過的 %(marked)d 項記為符合，可以按「檢核完成」。") % {"marked": marked})
    return redirect("grants:case_check", case.number)


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def case_correction(request: SignedIn, number: str) -> HttpResponse:
    """Ask for a correction; while one is waited for, give more time."""
    case = case_or_404(request, number)
    require(holds(request.user, case, CORRECTION_ASKERS))
    if case.status == S.CORRECTION_REQUESTED:
        return _extend(request, case)
    name = "ask_correction_by_township" if case.status == S.TOWNSHIP_REVIEW else "ask_correction"
    if case.status not in applications.TABLE[name].sources:
        return moved_on(request, case, name)
    require(applications.TABLE.answer(case, name, request.user))
    by_township = case.status == S.TOWNSHIP_REVIEW
    form = _correction_form(request, case, by_township=by_township)

    def act() -> HttpResponse:
        data = form.cleaned_data
        asked = correction_requests.ask_correction(
            request.user,
            case,
            items=data["items"],
            days=data["days"],
            edition=data["edition"],
            places=form.wanted(),
            whole=data["whole"],
        )
        if asked.due_on:
            messages.success(request, _("已通知協會在 %(due)s 前補正。") % {"due": format_roc(asked.due_on)})
            return redirect("grants:application_detail", number)
        messages.success(request, _("補正函稿已擬好，請核對後發文；發文後期限才開始算。"))
        return redirect("grants:letter_detail", case.letters.filter(context__correction=asked.pk).get().pk)

    return form_page(request, case, form, act, _("請協會補正"), _("送出補正通知"), name)


def _extend(request: SignedIn, case: Application) -> HttpResponse:
    asked = case.corrections.filter(answered_on__isnull=True).first()
    if asked is not None and asked.due_on is None:
        draft = case.letters.filter(context__correction=asked.pk, status=LetterStatus.DRAFT).first()
        messages.warning(request, _("補正函還沒有發文，期限還沒有開始算。請先發文。"))
        return redirect("grants:letter_detail", draft.pk) if draft else redirect("grants:letter_list")
    calendar = office_calendar.of(case.county, case.township_code)
    later = calendar.next_workday(clock.today() + dt.timedelta(days=7))
    form = ExtensionForm(request.POST or None, initial={"due_on": max(later, case.correction_due_on or later)})

    def act() -> HttpResponse:
        due_on = calendar.next_workday(form.cleaned_data["due_on"])
        correction_requests.extend_correction(request.user, case, due_on=due_on)
        messages.success(request, _("補正期限已展延到 %(due)s，並已通知協會。") % {"due": format_roc(due_on)})
        return redirect("grants:application_detail", case.number)

    refuses = bool(applications.TABLE.answer(case, "propose_refusal", request.user))
    more = {"correction": asked, "may_refuse": refuses}
    return form_page(request, case, form, act, _("補正期限"), _("展延期限"), "extend", **more)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def case_delivery(request: SignedIn, number: str) -> HttpResponse:
    """Note on which day the county's letter arrived: the period of the correction counts from it."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    asked = case.corrections.filter(answered_on__isnull=True, by_township=False).first()
    if case.status != S.CORRECTION_REQUESTED or asked is None or asked.due_on is None:
        messages.warning(request, _("現在沒有已發文、等補正的補正函，不用登記送達。"))
        return redirect("grants:application_detail", number)
    form = DeliveryForm(request.POST or None, initial={"delivered_on": asked.delivered_on})

    def act() -> HttpResponse:
        kept = correction_requests.record_delivery(request.user, case, form.cleaned_data["delivered_on"])
        params = {"due": format_roc(kept.due_on or clock.today())}
        messages.success(request, _("已登記送達，補正期限是 %(due)s。") % params)
        return redirect("grants:application_detail", number)

    return form_page(request, case, form, act, _("登記補正函送達"), _("登記送達日期"), "extend", correction=asked)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def case_refusal(request: SignedIn, number: str) -> HttpResponse:
    """Propose not to take the case up, with the reason that the letter will give; the approver decides."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    if not applications.TABLE.answer(case, "propose_refusal", request.user):
        return moved_on(request, case, "propose_refusal")
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        proposals.propose_refusal(request.user, case, reason=form.cleaned_data["reason"])
        messages.success(request, _("已建議不予受理，通知主管決定。"))
        return redirect("grants:application_detail", number)

    return form_page(request, case, form, act, _("建議不予受理"), _("送主管決定"), "propose_refusal", danger=True)


def _correction_form(request: SignedIn, case: Application, *, by_township: bool) -> CorrectionForm:
    """Return the form with what was refused: at the place that its words name, else among the further items."""
    places = places_of(case)
    words: dict[str, str] = {}
    rest = []
    for line in _suggested_items(case):
        place = named_in(line.split("：")[0], places)
        if place is None or place.key in words or len(line) > NOTE_LENGTH:
            rest.append(line)
        else:
            words[place.key] = line.partition("：")[2] or line
    initial = {"items": "\n".join(rest), "days": case.terms.correction_days, "edition": case.edition}
    return CorrectionForm(
        request.POST or None, initial=initial, by_township=by_township, places=places, suggested=words
    )


def _suggested_items(case: Application) -> list[str]:
    """Return one line for each refused item with the officer's note, in words that the letter can take over."""
    if case.status == S.TOWNSHIP_REVIEW:
        review = first_review_of(case)
        rows = review.answers if review else []
        return [f"{row['text']}：{row['note']}" for row in rows if row["verdict"] == Verdict.REFUSED]
    refused = checklist.refused(case)
    reasons = case.justifications.filter(verdict="refused").exclude(text="").select_related("line")
    book = margins.Lawbook(ruleset_for(case.scheme, case.filed_on or clock.today()), case.scheme.slug)
    return [f"{item.text}：{note}" for item, note in refused] + [
        _("%(what)s的說明（%(clause)s）：%(note)s")
        % {
            "what": item_name(row.line) if row.line else _("計畫"),
            "clause": book.label(row.clause),
            "note": row.verdict_note,
        }
        for row in reasons
    ]


def _notes(case: Application, judged: Judgement) -> list[margins.Note]:
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    return margins.notes_of(judged.evaluation.findings, margins.reasons_of(case), book)

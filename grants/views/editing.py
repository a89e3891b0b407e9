"""The application form, step by step. Every step saves what could be read, even with fields empty; the same addresses
answer autosave with JSON.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.queries import townships_of
from grants import compliance
from grants.forms.budget import BudgetFormSet
from grants.forms.steps import DocumentForm, OrganisationStep, ProjectStep
from grants.models import Application
from grants.queries import completeness, elsewhere, margins
from grants.queries.completeness import STEPS
from grants.rules import catalogue
from grants.services import applications as drafting
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from . import step_pages
from .budget_pages import BudgetPage
from .steps import ADDRESSES, after, editable_case, frame, page_edition, posted_edition, posted_reasons, remember_save


@audience(Role.MEMBER)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Leads to the first step that still wants something."""
    case = editable_case(request, number)
    return redirect(ADDRESSES[_first_open_step(case)], number)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_organisation(request: HttpRequest, number: str) -> HttpResponseBase:
    """Who applies, and who is asked when something is unclear."""
    case = editable_case(request, number)
    form = OrganisationStep(_posted(request), case=case)
    return _step(request, case, "organisation", form)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_project(request: HttpRequest, number: str) -> HttpResponseBase:
    """What is planned, and the questions of the programme."""
    case = editable_case(request, number)
    codes = [place.code for place in townships_of(case.county)]
    areas = list(elsewhere.township_names(codes).items())
    items = {line.item for line in case.lines.all()}
    judged = compliance.judge(case, stage="draft")
    also = margins.asked_elsewhere(judged.evaluation, case.programme.code)
    form = ProjectStep(_posted(request), case=case, areas=areas, items=items, also=also)
    if request.method == "GET":
        return _step_page(request, case, "project", form, judged=judged)
    return _step(request, case, "project", form)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, number: str) -> HttpResponseBase:
    """The budget lines with the law beside each; add, copy, remove and 改為上限 are ordinary buttons."""
    case = editable_case(request, number)
    lines = list(case.lines.all())
    if request.method == "GET":
        return _budget_page(request, case, BudgetFormSet(lines=lines))
    formset = BudgetFormSet(request.POST, lines=lines)
    command, _colon, argument = request.POST.get("command", "").partition(":")
    command, argument = ("add", request.POST.get("item", "")) if command == "add" else (command, argument)
    wrong = _unreadable(formset, command, argument)
    change = drafting.BudgetChange(
        formset.rows(), posted_reasons(request.POST), *(("", "") if wrong else (command, argument))
    )
    try:
        case = drafting.save_budget(request.user, case, change, edition=page_edition(request, case))
    except drafting.StaleError as stale:
        case.refresh_from_db(fields=["edition"])
        return _budget_page(request, case, formset, problems=[stale.reason], status=409)
    except Refused as refused:
        return _budget_page(request, case, formset, problems=[refused.reason], status=422)
    if wrong:
        return _budget_page(request, case, formset, status=422)
    return redirect(_after_budget(case, command, argument))


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def budget_check(request: HttpRequest, number: str) -> HttpResponseBase:
    """What autosave.js posts while somebody types: saves what can be read, evaluates the whole budget, answers with the
    margins and totals that changed. Somebody who comes back here after signing in is led to the page.
    """
    case = editable_case(request, number)
    if request.method == "GET":
        return redirect("grants:application_budget", number)
    lines = list(case.lines.all())
    before, edition = BudgetPage.of(case, [*lines]), page_edition(request, case)
    formset = BudgetFormSet(request.POST, lines=lines)
    change = drafting.BudgetChange(formset.rows(), posted_reasons(request.POST))
    try:
        saved = drafting.save_budget(request.user, case, change, edition=edition)
    except Refused as refused:
        return JsonResponse({"message": refused.reason}, status=409)
    remember_save(request, case, saved)
    now = before.again(formset.typed_lines(), reasons_too=bool(change.reasons))
    # A page that missed an answer has missed its parts too.
    shown = before if edition == posted_edition(request) else None
    parts = now.parts_changed_since(shown, formset, set(request.POST.getlist("wrong")))
    told = {"edition": saved.edition, "parts": parts, "saved_at": _clock_time(), "announce": now.announcement()}
    if formset.unreadable:
        return JsonResponse(told | {"message": _first_error(formset)}, status=422)
    return JsonResponse(told)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_documents(request: HttpRequest, number: str) -> HttpResponse:
    """The papers that the law asks of this case, each with its upload."""
    case = editable_case(request, number)
    judged = compliance.judge(case, stage="draft")
    wanted = catalogue.documents_for(judged.case)
    kinds = [(kind.code, kind.name) for kind in wanted] + [("other", _("其他文件"))]
    failed = None
    if request.method == "POST":
        failed = DocumentForm(request.POST, request.FILES, kinds=kinds, prefix=_known(request, kinds))
        if failed.is_valid():
            told = failed.cleaned_data
            document = drafting.attach_document(request.user, case, told["kind"], told["upload"], told["note"])
            messages.success(request, _("已收到「%(name)s」。") % {"name": document.file.name})
            return redirect(f"{request.path}#div-{told['kind']}")
    held = list(case.documents.all())
    papers = [
        {
            "code": code,
            "name": name,
            "kind": catalogue.documents().get(code),
            "held": [
                document for document in held if document.kind == code or (code == "other" and _spare(document, kinds))
            ],
            "form": failed
            if failed and failed.prefix == code
            else DocumentForm(kinds=kinds, prefix=code, initial={"kind": code}),
        }
        for code, name in kinds
    ]
    context = frame(case, "documents", judged) | {"papers": papers, "failed": failed, "asked": bool(wanted)}
    for paper in papers:
        paper["laws"] = context["book"].links(paper["kind"].clause) if paper["kind"] else ()
    return render(request, "grants/applications/documents.html", context, status=422 if failed else 200)


@audience(Role.MEMBER)
@require_POST
def document_remove(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """Take one document off the case."""
    case = editable_case(request, number)
    drafting.remove_document(request.user, case, document_id)
    messages.success(request, _("已移除附件。"))
    return redirect("grants:application_documents", number)


def _posted(request: HttpRequest) -> Any:
    """The post, an empty one too; None on GET."""
    return request.POST if request.method == "POST" else None


def _step(request: HttpRequest, case: Application, step: str, form: Any) -> HttpResponseBase:
    """Show or save a step that is one form."""
    if request.method == "GET":
        return _step_page(request, case, step, form)
    form.is_valid()
    wanted = request.headers.get("Accept") == "application/json"
    try:
        edition, reasons = page_edition(request, case), posted_reasons(request.POST)
        saved = drafting.save_step(request.user, case, form.values(), reasons, edition=edition)
    except drafting.StaleError as stale:
        if wanted:
            return JsonResponse({"message": stale.reason}, status=409)
        case.refresh_from_db(fields=["edition"])
        return _step_page(request, case, step, form, problems=[stale.reason], status=409)
    remember_save(request, case, saved)
    if wanted:
        return _saved_answer(saved, form, lambda: step_pages.parts(saved, step, form))
    case.edition = saved.edition
    if form.errors:
        return _step_page(request, case, step, form, status=422)
    return redirect(ADDRESSES[after(step) if request.POST.get("command") == "next" else step], case.number)


def _step_page(
    request: HttpRequest,
    case: Application,
    step: str,
    form: Any,
    *,
    problems: list[str] | None = None,
    status: int = 200,
    judged: compliance.Judgement | None = None,
) -> HttpResponse:
    context = step_pages.context(case, step, form, judged) | {"form": form, "problems": problems or []}
    return render(request, f"grants/applications/{step}.html", context, status=status)


def _saved_answer(saved: Application, form: Any, parts: Callable[[], Mapping[str, Any]]) -> JsonResponse:
    told = {"edition": saved.edition, "saved_at": _clock_time(), **parts()}
    if form.errors:
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        return JsonResponse(told | {"message": f"{label}：{errors[0]}"}, status=422)
    return JsonResponse(told)


def _first_open_step(case: Application) -> str:
    gaps = completeness.gaps(case)
    if gaps:
        return gaps[0].step
    judged = compliance.judge(case, stage="draft")
    steps = [margins.step_of(finding) for finding in compliance.blocking(case, judged)]
    return next((step for step in STEPS if step in steps), "review")


def _budget_page(
    request: HttpRequest,
    case: Application,
    formset: BudgetFormSet,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = BudgetPage.of(case, list(case.lines.all()))
    context = frame(case, "budget", page.judged) | page.context(formset)
    context |= {"formset": formset, "problems": problems or [], "groups": catalogue.items_by_group()}
    context["most"] = drafting.MAX_LINES
    return render(request, "grants/applications/budget.html", context, status=status)


def _unreadable(formset: BudgetFormSet, command: str, argument: str) -> bool:
    """Whether something typed cannot be read; a line that is removed, or set to its cap, need not be readable."""
    wrong = {str(form.line.pk): set(form.errors) for form in formset.forms if form.errors}
    if command == "remove":
        wrong.pop(argument, None)
    if command == "cap" and wrong.get(argument) == {"requested"}:
        wrong.pop(argument)
    return bool(wrong)


def _after_budget(case: Application, command: str, argument: str) -> str:
    page = f"/applications/{case.number}/budget/"
    if command == "next":
        return f"/applications/{case.number}/edit/{after('budget')}/"
    if command in ("add", "copy"):
        return f"{page}#line-{case.lines.order_by('position', 'id').values_list('pk', flat=True).last()}"
    return f"{page}#line-{argument}" if command == "cap" else f"{page}#budget-summary"


def _first_error(formset: BudgetFormSet) -> str:
    for form in formset.forms:
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            return _("第 %(place)d 項「%(label)s」：%(error)s") % {
                "place": form.place,
                "label": label,
                "error": errors[0],
            }
    return ""


def _known(request: HttpRequest, kinds: list[tuple[str, str]]) -> str:
    posted = request.POST.get("which", "")
    return posted if posted in dict(kinds) else kinds[-1][0]


def _spare(document: Any, kinds: list[tuple[str, str]]) -> bool:
    """A document of a kind that is no longer asked for is shown among the others."""
    return document.kind not in dict(kinds)


def _clock_time() -> str:
    return f"{timezone.localtime(clock.now()):%H:%M}"

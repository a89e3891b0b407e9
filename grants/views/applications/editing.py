"""The application form, step by step. Every step saves what could be read, even with fields empty; the same addresses
return JSON to autosave.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from communities.queries import townships_of
from grants.compliance.judging import Judgement, blocking, judge, judge_saved
from grants.enums import ApplicationStatus
from grants.forms.applications.steps import PLAIN_STEPS, ProjectStep
from grants.models import Application
from grants.permissions import may_edit
from grants.queries.applications import completeness, other_cases
from grants.queries.applications.completeness import STEPS
from grants.queries.applications.lists import read_parts
from grants.queries.law import margins
from grants.services.applications import drafts
from grants.views import merging
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock, merge
from miaoli_kaohsiung.lib.access import require

from . import step_pages
from .cases import case_or_404
from .steps import (
    ADDRESSES,
    after,
    editable_case,
    page_edition,
    posted_reasons,
    reason_form,
    reason_names,
    remember_save,
)


@audience(Role.MEMBER)
def edit(request: SignedIn, number: str) -> HttpResponse:
    """Redirect to the first step that still needs something; while the chairperson reads, to the page with everything
    on it.
    """
    case = case_or_404(request, number)
    if case.status == ApplicationStatus.AWAITING_CHAIR:
        return redirect("grants:application_review", number)
    require(may_edit(request.user, case))
    return redirect(ADDRESSES[_first_open_step(case)], number)


def _plain_page(step: str) -> Callable[..., HttpResponseBase]:
    """Return the view of a step that asks for columns of the case and nothing else."""

    @audience(Role.MEMBER)
    @require_http_methods(["GET", "POST"])
    def page(request: SignedIn, number: str) -> HttpResponseBase:
        case = editable_case(request, number)
        read_parts(case)
        return _step(request, case, step, lambda posted, kept: PLAIN_STEPS[step](posted, case=kept))

    return page


PLAIN_PAGES = {step: _plain_page(step) for step in PLAIN_STEPS}


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_project(request: SignedIn, number: str) -> HttpResponseBase:
    """Show or save the plan and the questions of the programme."""
    case = editable_case(request, number)
    read_parts(case)
    codes = [place.code for place in townships_of(case.county)]
    areas = list(other_cases.township_names(codes, clock.today()).items())
    items = {line.item for line in case.lines.all()}
    judged = judge(case, stage="draft")
    also = margins.asked_elsewhere(judged.evaluation, case.programme.code)

    def make(posted: Any, kept: Application) -> ProjectStep:
        return ProjectStep(posted, case=kept, areas=areas, items=items, also=also)

    return _step(request, case, "project", make, judged=judged)


def _step(
    request: SignedIn,
    case: Application,
    step: str,
    make: Callable[[Any, Application], Any],
    judged: Judgement | None = None,
) -> HttpResponseBase:
    """Show or save a step that is one form; `make` builds it from a post, or from None for what is stored."""
    if request.method == "GET":
        return _step_page(request, case, step, make(None, case), judged=judged, stored=make(None, case))
    names, edition = reason_names(request.POST), case.edition

    def build(posted: Any) -> list[Any]:
        return [make(posted, case), reason_form(posted, case, names)]

    def store(posted: Any, edition: int) -> Application:
        posted[0].is_valid()
        reasons = posted_reasons(posted[1].data)
        return drafts.save_step(request.user, case, posted[0].values(), reasons, edition=edition)

    wanted = request.headers.get("Accept") == "application/json"
    try:
        saved = merging.save(request, case, page_edition(request, case), build, store)
    except drafts.StaleError as stale:
        return JsonResponse({"message": stale.reason}, status=409) if wanted else _stale_page(request, case, step, make)
    row, form = saved.row or case, saved.forms[0]
    remember_save(request, case, row)
    if wanted:
        data, status = merging.answer(saved, [make(None, row), reason_form(None, row, names)], row.edition)
        if not saved.conflicts:
            # Whoever was faster may have changed lines and papers too: then everything is read anew.
            now = judge_saved(judged, row) if judged and case.edition == edition else None
            data |= step_pages.parts(row, step, form, now, check="check" in request.GET)
        return JsonResponse(data, status=status)
    if saved.conflicts or form.errors:
        status = 409 if saved.conflicts else 422
        return _step_page(request, row, step, form, stored=make(None, row), conflicts=saved.conflicts, status=status)
    if saved.notice:
        messages.info(request, saved.notice)
    return redirect(ADDRESSES[after(step) if request.POST.get("command") == "next" else step], case.number)


def _stale_page(
    request: SignedIn, case: Application, step: str, make: Callable[[Any, Application], Any]
) -> HttpResponse:
    """Show everything again for another try, because others saved again and again while this post was merged."""
    case.refresh_from_db()
    form = make(request.POST, case)
    form.is_valid()
    problems = [drafts.StaleError().reason]
    return _step_page(request, case, step, form, stored=make(None, case), problems=problems, status=409)


def _step_page(
    request: SignedIn,
    case: Application,
    step: str,
    form: Any,
    *,
    stored: Any,
    status: int = 200,
    judged: Judgement | None = None,
    **more: Any,
) -> HttpResponse:
    """Render the step. `stored` is the form of what is stored: what the page has seen when it is posted."""
    context = step_pages.context(case, step, form, judged, check="check" in request.GET)
    reasons = reason_form(None, case, context["reason_names"])
    context |= {"form": form, "edition": case.edition, "seen": merge.seen([stored, reasons]), **more}
    templates = [f"grants/applications/{step}.html", "grants/applications/step.html"]
    return render(request, templates, context, status=status)


def _first_open_step(case: Application) -> str:
    gaps = completeness.gaps(case)
    if gaps:
        return gaps[0].step
    judged = judge(case, stage="draft")
    steps = [margins.step_of(finding) for finding in blocking(case, judged)]
    return next((step for step in STEPS if step in steps), "review")

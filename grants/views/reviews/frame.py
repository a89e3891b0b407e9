"""What the pages of a decision share: the case on top, the scores, a form's page, and the way back after a step."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from grants.compliance.criteria import criteria_of
from grants.models import Application
from grants.queries.applications import next_steps
from grants.queries.applications.forwarding import first_review_of
from grants.queries.desk.lists import first_of
from grants.queries.reviews import scores
from grants.queries.reviews.cases import reviewers_of
from grants.workflow import applications
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused


def case_context(case: Application) -> dict[str, Any]:
    """Return what every page about a case needs."""
    return {
        "case": case,
        "accent_county": case.county,
        "stages": next_steps.stages(case),
        "first_review": first_review_of(case),
    }


def moved_on(request: SignedIn, case: Application, name: str) -> HttpResponse:
    """Say that somebody was quicker, and show the case as it stands now."""
    reason = applications.TABLE.answer(case, name, request.user).reason
    messages.warning(request, reason or _("這一件已經辦到下一步。"))
    return redirect("grants:application_detail", case.number)


def done(request: SignedIn, sentence: str, kind: str) -> None:
    """Say what was done, with a link to the first case that waits in the same queue (下一件), if one does."""
    task = first_of(request.user, kind)
    if task is None:
        messages.success(request, sentence)
        return
    label = _("下一件：%(number)s") % {"number": task.case or task.number}
    messages.success(request, format_html('{}　<a href="{}">{}</a>', sentence, task.url, label))


def form_page(
    request: SignedIn,
    case: Application,
    form: Any,
    act: Callable[[], HttpResponse],
    heading: str,
    label: str,
    step: str,
    **more: Any,
) -> HttpResponse:
    """Handle a page with one form: if it is valid and `act` succeeds, redirect; else show it with what is wrong."""
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except Refused as refused:
            problems = [refused.reason]
    context = case_context(case) | {
        "form": form,
        "heading": heading,
        "label": label,
        "step": step,
        "problems": problems,
        **more,
    }
    return render(request, "grants/reviews/step.html", context, status=422 if problems or form.errors else 200)


def scored(case: Application) -> dict[str, Any]:
    """Return the reviewers of a case and the table of their scores, each weighted as on the day it was given."""
    weights = cache(partial(criteria_of, case))
    rows = reviewers_of(case, weights)
    return {"reviewers": rows, "scores": scores.table_of(rows, weights, clock.today())}

"""Reviewers in the browser: the officer asks them, they declare their interest first and then score."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance.criteria import criteria_of
from grants.enums import BEING_CHECKED
from grants.forms.panels.scoring import AssignForm, InterestForm, ScoreForm
from grants.models import Application, ReviewAssignment
from grants.permissions import holds
from grants.queries.applications.pages import contents
from grants.queries.panels.interests import by_name
from grants.queries.reviews.cases import (
    assignment_of,
    record_of,
    unscored_by_who_left,
)
from grants.services.reviews import reviewers
from grants.views.applications.cases import case_or_404
from grants.views.reviews.frame import case_context, moved_on, scored
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused, require

REVIEW_DAYS = 14
# The longest text of one field of a draft.
LONGEST = 2000


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def case_reviewers(request: SignedIn, number: str) -> HttpResponse:
    """Ask reviewers to score the case."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    if case.status not in BEING_CHECKED:
        return moved_on(request, case, "propose")
    asked = {row.reviewer_id for row in case.assignments.all()}
    panel = reviewers.panel_of(case)
    free = [person for person in panel.eligible if person.pk not in asked]
    due_on = office_calendar.of(case.county).next_workday(clock.today() + dt.timedelta(days=REVIEW_DAYS))
    form = AssignForm(request.POST or None, reviewers=free, initial={"due_on": due_on})

    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = reviewers.assign(request.user, case, data["reviewers"], due_on=data["due_on"])
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已請 %(count)d 位委員審查。") % {"count": len(made)})
            return redirect("grants:case_proposal", number)
    context = case_context(case) | {
        "form": form,
        "problems": problems,
        "panel": panel,
        "free": free,
        "reviewers": scored(case)["reviewers"],
        "left": unscored_by_who_left().filter(application=case).select_related("reviewer"),
        "named": by_name(Application.objects.filter(pk=case.pk)),
    }
    return render(request, "grants/panels/assign.html", context, status=422 if problems or form.errors else 200)


@audience(Role.REVIEWER)
@require_http_methods(["GET", "POST"])
def case_review(request: SignedIn, number: str) -> HttpResponse:
    """Show the reviewer's page: first the declaration, then the case with its four criteria."""
    assignment = assignment_of(request.user, number)
    if assignment is None or assignment.interest == ReviewAssignment.Interest.CONFLICT:
        raise Http404(_("找不到這個案號，或不是您可以看的案件。"))
    case = assignment.application
    require(holds(request.user, case, Role.REVIEWER))
    if assignment.interest == ReviewAssignment.Interest.UNANSWERED:
        return _declare(request, assignment)
    return _score(request, case, assignment)


def _declare(request: SignedIn, assignment: ReviewAssignment) -> HttpResponse:
    form = InterestForm(request.POST or None)
    case = assignment.application
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        reviewers.declare(request.user, assignment, data["interest"], data["note"])
        if data["interest"] == ReviewAssignment.Interest.CONFLICT:
            messages.success(request, _("謝謝您的聲明，這一件會改請其他委員審查。"))
            return redirect("grants:desk")
        return redirect("grants:case_review", case.number)
    context = {"case": case, "accent_county": case.county, "form": form, "assignment": assignment}
    return render(request, "grants/reviews/interest.html", context, status=422 if form.errors else 200)


def _score(request: SignedIn, case: Application, assignment: ReviewAssignment) -> HttpResponse:
    editable = case.status in BEING_CHECKED
    form = ScoreForm(
        request.POST or None,
        criteria=[(row.code, row.title) for row in criteria_of(case, clock.today())],
        initial={"comment": assignment.comment} | _given(assignment) | assignment.draft,
    )
    if request.method == "POST":
        if not editable:
            return moved_on(request, case, "propose")
        if request.POST.get("command") == "save":
            reviewers.save_draft(request.user, assignment, _typed(request, form))
            messages.success(request, _("草稿已存，還沒有送出；下次打開會接著寫。"))
            return redirect("grants:case_review", case.number)
        if form.is_valid():
            reviewers.score(request.user, assignment, form.scores(), form.cleaned_data["comment"])
            messages.success(request, _("評分已送出，提出核定建議之前都可以修改。"))
            return redirect("grants:case_review", case.number)
    context = {
        **case_context(case),
        **contents(case),
        "form": form,
        "assignment": assignment,
        "editable": editable,
        "record": record_of(case),
    }
    return render(request, "grants/reviews/review.html", context, status=422 if form.errors else 200)


def _typed(request: SignedIn, form: ScoreForm) -> dict[str, str]:
    """Return what was typed into the form's fields, whether or not it can be read."""
    return {name: request.POST.get(name, "").replace("\x00", "")[:LONGEST] for name in form.fields}


def _given(assignment: ReviewAssignment) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for score in assignment.scores.all():
        values |= {f"score-{score.criterion}": score.score, f"comment-{score.criterion}": score.comment}
    return values

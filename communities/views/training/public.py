"""Courses for everybody: the calendar, one course, arriving at the door, what it was like. No page here names a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from communities.enums import CourseStatus, Tier
from communities.forms.training import ArriveForm, FeedbackForm
from communities.models import Course
from communities.queries import training
from communities.services.training import enrolments
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

# Held courses that the calendar goes on showing.
SHOWN_PAST = 20


@public_page
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the coming courses and visits, and those that were."""
    county = request.GET.get("county", "")
    county = county if county in counties.slugs() else ""
    rows, today = training.calendar(county), clock.today()
    context = {
        "county": county,
        "counties": counties.choices(),
        "coming": rows.filter(day__gte=today).order_by("day", "begins_at", "pk"),
        "past": rows.filter(day__lt=today).exclude(status=CourseStatus.CANCELLED)[:SHOWN_PAST],
        "today": today,
    }
    return render(request, "communities/training/calendar.html", context)


@public_page
@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one course: what, when, where, for whom, how many places are left."""
    found = get_object_or_404(training.calendar(), pk=pk)
    context = {
        "course": found,
        "left": max(found.places - found.taken, 0),
        "tiers": "、".join(str(Tier(tier).label) for tier in found.tiers),
        "townships": training.township_words(found),
        "open": bool(training.takes_people(found, officer=False)),
        "asks": found.day <= clock.today() <= found.feedback_until and found.status != CourseStatus.CANCELLED,
    }
    return render(request, "communities/training/course.html", context)


@sensitive_post_parameters("pass_codes")
@public_page
@require_http_methods(["GET", "POST"])
@limited("course_pass_code", "POST")
def door(request: HttpRequest, code: str) -> HttpResponse:
    """Note that people have arrived, by their pass_codes; the square code at the door leads here."""
    found = get_object_or_404(Course, door_code=code)
    form = ArriveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _course, fresh = enrolments.arrive(code, form.cleaned_data["pass_codes"])
        except Refused as refused:
            form.add_error("pass_codes", refused.reason)
        else:
            words = _("報到完成，這次 %(count)d 人。") if fresh else _("這些人已經報到過了。")
            messages.success(request, words % {"count": fresh})
            return redirect("communities:course-door", code)
    context = {
        "course": found,
        "form": form,
        "open": found.status == CourseStatus.ANNOUNCED and found.day == clock.today(),
    }
    return render(request, "communities/training/door.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("pass_code", "words")
@public_page
@require_http_methods(["GET", "POST"])
@limited("course_pass_code", "POST")
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody who was there what it was like."""
    found = get_object_or_404(training.calendar(), pk=pk)
    form = FeedbackForm(request.POST or None, initial={"pass_code": request.GET.get("pass_code", "")[:6]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            enrolments.give_feedback(found, data.pop("pass_code"), **data)
        except Refused as refused:
            form.add_error("pass_code", refused.reason)
        else:
            messages.success(request, _("謝謝您的意見，縣府下次辦課程會參考。"))
            return redirect("communities:course", pk)
    context = {"course": found, "form": form}
    return render(request, "communities/training/feedback.html", context, status=422 if form.errors else 200)

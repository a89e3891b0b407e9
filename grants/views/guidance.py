"""Visits to associations on a calendar: a month, one visit's day, and its pictures."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.guidance import PhotoForm, VisitForm
from grants.models import Duty, VisitPhoto
from grants.permissions import duty_ground, holds
from grants.queries import duties, guidance
from grants.services.guidance import visits
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page

# The calendar is opened for months so far away at most.
YEARS_AWAY = 20


@audience(OFFICE_READERS)
@require_safe
def month(request: SignedIn) -> HttpResponse:
    """Show the visits of a month, and those that still need a day."""
    found = guidance.month_of(request.user, _first_of(request.GET.get("month", "")))
    officer = post_with(request.user, Role.CASE_OFFICER)
    context = {"month": found, "may_plan": officer is not None, "today": clock.today()}
    return render(request, "grants/guidance/month.html", context)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, pk: int) -> HttpResponse:
    """Give a visit its day, hour and place, and say who goes."""
    row = _visit(request, pk)
    require(holds(request.user, duty_ground(row), Role.CASE_OFFICER))
    known = getattr(row, "visit", None)
    names = ("on", "starts_at", "place", "visitor")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = VisitForm(request.POST or None, duty=row, user=request.user, initial=initial)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = visits.plan(request.user, row, form.appointment())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已排定，並已通知協會。"))
            return redirect(reverse("grants:guidance") + f"?month={made.on:%Y-%m}")
    context = {"row": row, "form": form, "problems": problems, "accent_county": row.county}
    return render(request, "grants/guidance/plan.html", context, status=422 if problems or form.errors else 200)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def photos(request: SignedIn, pk: int) -> HttpResponse:
    """Add pictures of a visit one after the other."""
    row = _visit(request, pk)
    require(holds(request.user, duty_ground(row), Role.CASE_OFFICER))
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            visits.add_photo(request.user, row, form.cleaned_data["upload"], form.cleaned_data["caption"])
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已附上照片。"))
            return redirect("grants:guidance_photos", pk)
    hold_files(form, actor(request.user))
    context = {"row": row, "form": form, "problems": problems, "accent_county": row.county}
    return render(request, "grants/guidance/photos.html", context, status=422 if problems or form.errors else 200)


@audience(AWARD_READERS)
@require_safe
@no_page
def photo(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return a picture, for those who see the visit."""
    return response(_photo(request, pk).file, inline=True)


@audience(Role.CASE_OFFICER)
@require_POST
def photo_remove(request: SignedIn, pk: int) -> HttpResponse:
    """Take a picture away."""
    found = _photo(request, pk)
    visits.remove_photo(request.user, found)
    messages.success(request, _("已移除照片。"))
    return redirect("grants:guidance_photos", found.duty_id)


def _first_of(text: str) -> dt.date:
    """Return the first day of the month that an address names, if it is within YEARS_AWAY years; else of this one."""
    this = clock.today().replace(day=1)
    try:
        named = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no hour
    except ValueError:
        return this
    return named if abs(named.year - this.year) <= YEARS_AWAY else this


def _visit(request: SignedIn, pk: int) -> Duty:
    return get_object_or_404(guidance.visits(duties.visible(request.user)).select_related("visit"), pk=pk)


def _photo(request: SignedIn, pk: int) -> VisitPhoto:
    seen = guidance.visits(duties.visible(request.user)).values("pk")
    return get_object_or_404(VisitPhoto.objects.filter(duty__in=seen).select_related("file", "duty"), pk=pk)

"""Volunteers: an association's teams and hours, the door where they sign on and off, the lists of the offices."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from communities import permissions, queries
from communities.filters import HoursFilter, TownshipHoursFilter
from communities.forms.volunteers import ChangeTeamForm, JoinForm, MonthForm, SignForm, TeamForm, VolunteerForm
from communities.models import Organisation, Volunteer, VolunteerTeam
from communities.queries import volunteers
from communities.services.training.papers import picture_of
from communities.services.volunteers import change_team, change_volunteer, found_team, join, sign, write_month
from communities.tables import TownshipVolunteersTable, VolunteersTable
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, AWARD_READERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lists.pages import Listing

from .training.county import places_of, years_to_choose

TEAM_COLUMNS = ("name", "work", "founded_on", "insured_by", "insured_from", "insured_until", "ended_on")
VOLUNTEER_COLUMNS = ("joined_on", "left_on", "basic_on", "special_on", "hours_before")
# How many months back hours are written.
MONTHS_BACK = 12


@audience(AWARD_READERS)
@require_safe
def association(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's teams, and its people with their hours and the honours that these reach."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    context = {
        "organisation": found,
        "accent_county": found.county,
        "teams": volunteers.teams_of(found),
        "people": volunteers.people_with_hours(found),
        "awards": volunteers.awards(),
        "keeps": bool(permissions.may_keep_people(request.user, found)),
        "today": clock.today(),
    }
    return render(request, "communities/volunteers/association.html", context)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def team_new(request: SignedIn, pk: int) -> HttpResponse:
    """Enter a team."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_keep_people(request.user, found))
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = found_team(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", refused.reason)
        else:
            messages.success(request, _("已登錄%(name)s，接著請加入志工。") % {"name": made.name})
            return redirect("communities:volunteer-team", pk, made.pk)
    return _form(request, form, found, _("登錄志工隊"))


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def team(request: SignedIn, pk: int, team: int) -> HttpResponse:
    """Show a team with its people and the form that adds more."""
    found = _team(request, pk, team)
    people = volunteers.free_people(found)
    form = JoinForm(request.POST or None, people=people, initial={"joined_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            rows = join(request.user, found, form.cleaned_data["people"], form.cleaned_data["joined_on"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已登錄 %(count)d 位志工。") % {"count": len(rows)})
            return redirect("communities:volunteer-team", pk, team)
    context = {
        "organisation": found.organisation,
        "team": found,
        "rows": volunteers.volunteers_of(found),
        "form": form,
        "today": clock.today(),
        "month": clock.today().replace(day=1),
    }
    return render(request, "communities/volunteers/team.html", context, status=422 if form.errors else 200)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def team_edit(request: SignedIn, pk: int, team: int) -> HttpResponse:
    """Change a team and its insurance."""
    found = _team(request, pk, team)
    form = ChangeTeamForm(request.POST or None, initial={name: getattr(found, name) for name in TEAM_COLUMNS})
    if request.method == "POST" and form.is_valid():
        change_team(request.user, found, **form.cleaned_data)
        messages.success(request, _("已儲存。"))
        return redirect("communities:volunteer-team", pk, team)
    return _form(request, form, found.organisation, _("修改志工隊"))


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def person(request: SignedIn, pk: int, volunteer: int) -> HttpResponse:
    """Change what is known of a volunteer."""
    body = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_keep_people(request.user, body))
    rows = Volunteer.objects.select_related("team__organisation", "person")
    found = get_object_or_404(rows, pk=volunteer, team__organisation=body)
    form = VolunteerForm(request.POST or None, initial={name: getattr(found, name) for name in VOLUNTEER_COLUMNS})
    if request.method == "POST" and form.is_valid():
        change_volunteer(request.user, found, **form.cleaned_data)
        messages.success(request, _("已儲存。"))
        return redirect("communities:volunteer-team", pk, found.team_id)
    return _form(request, form, body, found.person.name)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def month(request: SignedIn, pk: int, team: int, year: int, month: int) -> HttpResponse:
    """Write the hours of a month."""
    found = _team(request, pk, team)
    months = _months()
    first = next((one for one in months if (one.year, one.month) == (year, month)), None)
    if first is None:
        return redirect("communities:volunteer-team", pk, team)
    form = MonthForm(request.POST or None, rows=list(volunteers.month_of(found, first)))
    if request.method == "POST" and form.is_valid():
        write_month(request.user, found, first, form.hours())
        messages.success(request, _("已儲存這個月的時數。"))
        return redirect("communities:volunteer-month", pk, team, year, month)
    context = {"organisation": found.organisation, "team": found, "form": form, "month": first, "months": months}
    return render(request, "communities/volunteers/month.html", context, status=422 if form.errors else 200)


def _months() -> list[dt.date]:
    """Return the first days of the months that can be written, this one first."""
    found = [clock.today().replace(day=1)]
    while len(found) < MONTHS_BACK:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found


@audience(ASSOCIATION_OR_OFFICER)
@require_safe
def door_sheet(request: SignedIn, pk: int, team: int) -> HttpResponse:
    """Show the square code of the team, to be printed and put up where it serves."""
    found = _team(request, pk, team)
    path = reverse("communities:volunteer-door", args=[found.door_code])
    address, picture = picture_of(path, 60, _("志工簽到退的方塊碼"))
    context = {"organisation": found.organisation, "team": found, "picture": picture, "address": address}
    return render(request, "communities/volunteers/door_sheet.html", context)


@sensitive_post_parameters("pass_codes")
@public_page
@require_http_methods(["GET", "POST"])
@limited("course_pass_code", "POST")
def door(request: HttpRequest, code: str) -> HttpResponse:
    """Note who comes and who goes, by pass_codes; the team's square code leads here. No name stands on it."""
    found = get_object_or_404(VolunteerTeam, door_code=code, ended_on=None)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            come, gone = sign(code, form.cleaned_data["pass_codes"])
        except Refused as refused:
            form.add_error("pass_codes", refused.reason)
        else:
            messages.success(request, _("已記下：簽到 %(come)d 人，簽退 %(gone)d 人。") % {"come": come, "gone": gone})
            return redirect("communities:volunteer-door", code)
    return render(
        request, "communities/volunteers/door.html", {"team": found, "form": form}, status=422 if form.errors else 200
    )


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def totals(request: SignedIn) -> HttpResponseBase:
    """Show the volunteers of each association and their hours of a year."""
    years, year = years_to_choose(request)
    seen = queries.registered(request.user).filter(pk__in=queries.listed().values("pk"))
    rows = volunteers.with_service(seen, year).order_by("county", "township__position", "name")
    found = HoursFilter(request.GET, rows, years=years, townships=places_of(request, seen))
    listing = Listing(request, "volunteers", VolunteersTable, found)
    return listing.posted() or render(request, "communities/volunteers/totals.html", {"list": listing})


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def townships(request: SignedIn) -> HttpResponseBase:
    """Show the same by township; the last line is the county's."""
    years, year = years_to_choose(request)
    posts = [post for post in posts_of(request.user) if post.role in OFFICE_READERS]
    county_side = any(post.role in COUNTY_READERS for post in posts)
    codes = None if county_side else {post.township_code for post in posts}
    rows = volunteers.by_township({post.county for post in posts}, codes, year).order_by("county", "position")
    listing = Listing(
        request, "volunteer-townships", TownshipVolunteersTable, TownshipHoursFilter(request.GET, rows, years=years)
    )
    return listing.posted() or render(request, "communities/volunteers/totals.html", {"list": listing})


def _form(request: SignedIn, form: Any, organisation: Organisation, title: str) -> HttpResponse:
    context = {"form": form, "organisation": organisation, "title": title}
    return render(request, "communities/volunteers/form.html", context, status=422 if form.errors else 200)


def _team(request: SignedIn, pk: int, team: int) -> VolunteerTeam:
    body = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_keep_people(request.user, body))
    return get_object_or_404(VolunteerTeam.objects.select_related("organisation"), pk=team, organisation=body)

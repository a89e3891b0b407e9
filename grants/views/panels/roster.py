"""A county's panel in the browser: its reviewers with their load, what each is asked about, and the ways on."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.queries import township_name
from grants.enums import BEING_CHECKED
from grants.forms.panels.roster import RemitForm, RosterFilter
from grants.models import ReviewerRemit, Scheme
from grants.queries import scope
from grants.queries.panels.agendas import sessions_of
from grants.queries.panels.interests import by_name
from grants.queries.panels.roster import roster
from grants.services.panels.roster import set_remit
from grants.tables.panels import ReviewerTable
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, CHECK_READERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.changes.pages import lead
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lists.pages import Listing

# How many sessions the page shows.
RECENT = 20


@audience(CHECK_READERS)
@require_safe
def panels_of_counties(request: SignedIn) -> HttpResponse:
    return lead(request, CHECK_READERS, "grants:panel")


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def panel(request: SignedIn, county: str) -> HttpResponseBase:
    """Show the county's reviewers with what lies with each."""
    held = counties_with(request.user, CHECK_READERS)
    if county not in held:
        raise Http404
    found = RosterFilter(request.GET, roster(county), county=county)
    listing = Listing(request, "reviewers", ReviewerTable, found, county=county)
    context = {
        "county": county,
        "county_name": name_of(county, clock.today()),
        "accent_county": county,
        "list": listing,
        "named": by_name(scope.cases(request.user).filter(county=county, status__in=BEING_CHECKED))[:RECENT],
        "schemes": Scheme.objects.filter(county=county),
        "sessions": sessions_of([county])[:RECENT],
        "may_plan": county in counties_with(request.user, CASE_OFFICERS),
        "others": [(slug, name_of(slug, clock.today())) for slug in sorted(held - {county})],
    }
    return listing.posted() or render(request, "grants/panels/roster.html", context)


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def reviewer_remit(request: SignedIn, county: str, pk: int) -> HttpResponse:
    """Show which programmes and townships a reviewer is asked about; an officer sets them."""
    if county not in counties_with(request.user, CHECK_READERS):
        raise Http404
    reviewer = get_object_or_404(roster(county), pk=pk)
    remit = ReviewerRemit.objects.filter(county=county, reviewer=reviewer).first()
    form = RemitForm(request.POST if request.method == "POST" else None, county=county, remit=remit)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        set_remit(request.user, county, reviewer, data["programmes"], data["townships"])
        messages.success(request, _("已儲存，之後指派時照這個範圍；先前派的不變。"))
        return redirect("grants:panel", county)
    context = {
        "county": county,
        "county_name": name_of(county, clock.today()),
        "accent_county": county,
        "reviewer": reviewer,
        "remit": remit,
        "townships": [township_name(code) for code in remit.townships] if remit else [],
        "form": form,
        "may_edit": county in counties_with(request.user, CASE_OFFICERS),
    }
    return render(request, "grants/panels/remit.html", context, status=422 if form.errors else 200)

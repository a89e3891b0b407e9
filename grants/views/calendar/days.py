"""Proposing a day or a whole year of the calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.calendar.days import DayForm, ScopeForm, YearForm
from grants.services.calendar import days
from miaoli_kaohsiung.accounts.audiences import DATA_PROPOSERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_propose
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

from .pages import FIRST_YEAR, LAST_YEAR, require_place


@audience(DATA_PROPOSERS)
@require_http_methods(["GET", "POST"])
def day(request: SignedIn, county: str, year: int) -> HttpResponse:
    """Propose that offices work, or do not, on a day."""
    _require_keeper(request, county, year)
    form = DayForm(request.POST or None, everywhere=_everywhere(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if FIRST_YEAR <= data["on"].year <= LAST_YEAR:
            try:
                change = days.propose_day(request.user, form.county(county), data["on"], form.day(), data["source"])
            except Refused as refused:
                form.add_error("on", refused.reason)
            else:
                return _proposed(request, change)
        else:
            form.add_error("on", _("這一年沒有行事曆，請再看一次年份。"))
    return _page(request, county, year, form, "grants/calendar/day.html")


@audience(DATA_PROPOSERS)
@require_http_methods(["GET", "POST"])
def import_year(request: SignedIn, county: str, year: int) -> HttpResponse:
    """Propose a year from the published table."""
    _require_keeper(request, county, year)
    form = YearForm(request.POST or None, request.FILES or None, everywhere=_everywhere(request), year=year)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = days.propose_year(request.user, form.county(county), year, data["file"], data["source"])
        except Refused as refused:
            form.add_error("file", refused.reason)
        else:
            return _proposed(request, change)
    return _page(request, county, year, form, "grants/calendar/import.html")


def _require_keeper(request: SignedIn, county: str, year: int) -> None:
    require_place(county, year)
    require(may_propose(request.user, days.COUNTY, county))


def _everywhere(request: SignedIn) -> bool:
    return bool(may_propose(request.user, days.NATIONAL, ""))


def _proposed(request: SignedIn, change: Change) -> HttpResponse:
    messages.success(request, _("已提出，請另一位同仁確認後才生效。下面是變更前後和會順延的期限。"))
    return redirect("changes:show", change.pk)


def _page(request: SignedIn, county: str, year: int, form: ScopeForm, template: str) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "county": county,
        "accent_county": county,
        "county_name": name_of(county, clock.today()),
        "year": year,
    }
    return render(request, template, context, status=422 if form.errors else 200)

"""The county's money at a glance: a year by programme, and the months ahead."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.models import Envelope
from grants.queries.overview import dashboard, money
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.counties import name_of, office_of, slugs
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year


@audience(COUNTY_READERS)
@require_safe
def money_overview(request: SignedIn) -> HttpResponse:
    """Show the envelopes of a year with their programmes, and what will be paid and come back month by month."""
    counties = counties_with(request.user, COUNTY_READERS)
    known = money.years(counties) or [clock.today().year]
    asked = whole_number(request.GET.get("year", ""))
    year = next((one for one in known if roc_year(one) == asked), known[0])
    sums = money.programme_sums(Envelope.objects.filter(scheme__county__in=counties, year=year))
    uses = [
        (use, [row for row in sums if row.envelope == use.envelope.pk]) for use in money.envelopes_of(counties, year)
    ]
    flows = money.flows(counties, clock.today())
    context = {
        "years": [(roc_year(one), one == year) for one in known],
        "year": roc_year(year),
        "uses": [(use, rows, max((row.approved for row in rows), default=0)) for use, rows in uses],
        "flows": flows,
        "out": sum(flow.out for flow in flows),
        "back": sum(flow.back for flow in flows),
    }
    return render(request, "grants/overview/money.html", context)


@audience(COUNTY_READERS)
@require_safe
def county_dashboard(request: SignedIn) -> HttpResponse:
    """Show a county at a glance, in charts with their tables; it prints for the council."""
    own = [slug for slug in slugs() if slug in counties_with(request.user, COUNTY_READERS)]
    asked = request.GET.get("county", "")
    county = asked if asked in own else own[0]
    today = clock.today()
    context = {
        "county": county,
        "counties": [(slug, name_of(slug, today)) for slug in own],
        "office": office_of(county, today),
        "charts": dashboard.charts(county, today),
        "today": today,
    }
    return render(request, "grants/overview/county.html", context)

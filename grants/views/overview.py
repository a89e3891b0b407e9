"""The county's money at a glance: a year by programme, and the months ahead."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.queries import overview, scope
from grants.queries.treasury import counties_of
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year


@audience(COUNTY_READERS)
@require_safe
def money_overview(request: SignedIn) -> HttpResponse:
    """Show the envelopes of a year with their programmes, and what will be paid and come back month by month."""
    counties = counties_of(request.user, COUNTY_READERS)
    awards = scope.awards(request.user).filter(county__in=counties)
    known = overview.years(awards) or [clock.today().year]
    asked = whole_number(request.GET.get("year", ""))
    year = next((one for one in known if roc_year(one) == asked), known[0])
    sums = overview.programme_sums(awards.filter(envelope__year=year))
    uses = [
        (use, [row for row in sums if row.envelope == use.envelope.pk]) for use in overview.envelopes_of(counties, year)
    ]
    flows = overview.flows(awards, clock.today())
    context = {
        "years": [(roc_year(one), one == year) for one in known],
        "year": roc_year(year),
        "uses": [(use, rows, max((row.approved for row in rows), default=0)) for use, rows in uses],
        "flows": flows,
        "out": sum(flow.out for flow in flows),
        "back": sum(flow.back for flow in flows),
    }
    return render(request, "grants/overview/money.html", context)

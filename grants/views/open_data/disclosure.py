"""What is published of the money given: a quarter's list for everybody, the central list and the year's table for the county."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.models import Scheme
from grants.queries.open_data import again, disclosure
from grants.services.open_data.catalogue import CONTENT_TYPES
from grants.services.open_data.files import whole
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import ad_year, roc_year

from .datasets import sent

TABLES = {"central": disclosure.central_list, "table": disclosure.year_table}


@public_page
@require_safe
def quarter(request: HttpRequest) -> HttpResponse:
    """Show the list of a quarter: what was approved, paid and returned, the newest quarter first."""
    asked = request.GET.get("county", "")
    county = asked if asked in counties.slugs() else counties.slugs()[0]
    known = disclosure.quarters(county) or [(clock.today().year, (clock.today().month + 2) // 3)]
    wanted = (whole_number(request.GET.get("year", "")), whole_number(request.GET.get("quarter", "")))
    year, number = next((one for one in known if (roc_year(one[0]), one[1]) == wanted), known[0])
    days = disclosure.quarter_days(year, number)
    rows = list(disclosure.within(county, days))
    context = {
        "counties": counties.choices(),
        "county": county,
        "office": counties.office_of(county, min(days[1], clock.today())),
        "quarters": [(roc_year(one), n, (one, n) == (year, number)) for one, n in known],
        "year": roc_year(year),
        "quarter": number,
        "days": days,
        "rows": rows,
        "again": again.decided_by_law(row.application_id for row in rows),
        "sums": disclosure.sums_of(rows, days),
        "schemes": Scheme.objects.filter(county=county),
    }
    return render(request, "grants/open_data/quarter.html", context)


@public_page
@require_safe
@limited("public_file")
def quarter_file(request: HttpRequest, county: str, year: str, quarter: str, extension: str) -> HttpResponseBase:
    """Return the list of a quarter as a file."""
    if county not in counties.slugs():
        raise Http404
    dataset = disclosure.quarter_list(county, ad_year(int(year)), int(quarter))
    return sent(dataset, extension, CONTENT_TYPES[extension], f"{county}-{year}-{quarter}.{extension}")


@audience(COUNTY_READERS)
@require_safe
def year(request: SignedIn) -> HttpResponse:
    """Show a year's publications of my counties with their sums, and the files to hand on."""
    own = sorted(counties_with(request.user, COUNTY_READERS))
    known = sorted({one for county in own for one, _n in disclosure.quarters(county)}, reverse=True)
    known = known or [clock.today().year]
    asked = whole_number(request.GET.get("year", ""))
    chosen = next((one for one in known if roc_year(one) == asked), known[0])
    context = {
        "years": [(roc_year(one), one == chosen) for one in known],
        "year": roc_year(chosen),
        "counties": [_of_county(county, chosen) for county in own],
    }
    return render(request, "grants/open_data/disclosure_year.html", context)


def _of_county(county: str, year: int) -> dict[str, Any]:
    days = disclosure.year_days(year)
    parts = [(n, disclosure.quarter_days(year, n)) for n in (1, 2, 3, 4)]
    quarters = [(n, disclosure.sums_of(disclosure.within(county, part), part)) for n, part in parts]
    rows = list(disclosure.within(county, days))
    return {
        "slug": county,
        "name": counties.name_of(county, min(days[1], clock.today())),
        "rows": rows,
        "sums": disclosure.sums_of(rows, days),
        "quarters": quarters,
        "all_quarters": sum((sums for _n, sums in quarters), disclosure.Sums()),
        "central": sum(row.total for row in disclosure.central(county, year)),
    }


@audience(COUNTY_READERS)
@require_safe
def year_file(request: SignedIn, kind: str, county: str, year: str, extension: str) -> HttpResponse:
    """Return the list for the central system, or the table of a year, of one of my counties."""
    if county not in counties_with(request.user, COUNTY_READERS):
        raise Http404
    content = whole(TABLES[kind](county, ad_year(int(year))), extension)
    answer = HttpResponse(content, content_type=CONTENT_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{county}-{year}.{extension}"'
    answer["Cache-Control"] = "private, no-store"
    return answer

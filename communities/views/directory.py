"""The public directory. Nothing personal: no name of an office holder, no telephone of a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from communities import places, queries
from communities.filters import DirectoryFilter
from communities.forms.account_requests import county_of
from communities.models import Organisation
from communities.queries import alliances, tier_years, township_map, training, volunteers
from communities.tables import DirectoryTable, PagesByKey
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.numbers import whole_number

PAGE = {"per_page": 15, "paginator_class": PagesByKey}
# Courses that the page of an association shows, and what it says of the year.
SHOWN_COURSES = 10
FIGURES = ("trained", "training_hours", "teams", "volunteers", "service_hours")


@public_page
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Find a community."""
    found = DirectoryFilter(request.GET, queryset=queries.listed())
    table = DirectoryTable(found.qs)
    RequestConfig(request, paginate=PAGE).configure(table)
    asked = request.GET.get("county", "") or county_of(request.GET.get("township", ""))
    slugs = [asked] if asked in counties.slugs() else counties.slugs()
    years = tier_years.years_of(slugs)
    year = roc_date.ad_year(whole_number(request.GET.get("year", ""), digits=3) or 0)
    year = year if year in years else 0
    context = {
        "filter": found,
        "table": table,
        "maps": township_map.maps(slugs, year or None, request.GET.get("township", "")),
        "years": [roc_date.roc_year(one) for one in years],
        "year": roc_date.roc_year(year) if year else "",
        "legend": tier_years.LEVELS,
        "county": asked if asked in counties.slugs() else "",
        "kinds": places.kinds(*slugs),
        "show_map": bool(year) or asked in counties.slugs(),
    }
    return render(request, "communities/directory.html", context)


@public_page
@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """Return, for a form while it is filled in, the listed bodies with a name like the one that is typed."""
    name, county = request.GET.get("organisation_name", "").strip(), county_of(request.GET.get("township", ""))
    places = [county] if county else counties.slugs()
    found = [row for place in places for row in queries.alike(name, place, listed=True)] if name else []
    rows = [(reverse("communities:community", args=[pk]), other) for pk, other in found]
    return render(request, "communities/_alike.html", {"found": rows})


@public_page
@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the public page of an organisation."""
    if into := queries.merged_into(pk):
        return redirect("communities:community", into, permanent=True)
    organisation = get_object_or_404(queries.listed(), pk=pk)
    year = clock.today().year
    figures = training.with_training(Organisation.objects.filter(pk=pk), year)
    context = {
        "organisation": organisation,
        "courses": training.courses_of(pk)[:SHOWN_COURSES],
        "figures": volunteers.with_service(figures, year).values(*FIGURES).get(),
        "year": roc_date.roc_year(year),
        "township": queries.township_name(organisation.township_id or ""),
        "tiers": queries.confirmed_tiers(organisation),
        "alliances": alliances.public_of(organisation).select_related("lead"),
    }
    return render(request, "communities/community.html", context)

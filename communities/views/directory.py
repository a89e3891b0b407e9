"""The public directory. Nothing personal: no name of an office holder, no telephone of a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from communities import queries
from communities.filters import DirectoryFilter
from communities.tables import DirectoryTable
from miaoli_kaohsiung.accounts.permissions import public_page

PAGE = {"per_page": 15}


@public_page
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Find a community."""
    found = DirectoryFilter(request.GET, queryset=queries.listed())
    table = DirectoryTable(found.qs)
    RequestConfig(request, paginate=PAGE).configure(table)
    return render(request, "communities/directory.html", {"filter": found, "table": table})


@public_page
@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the public page of an organisation."""
    if into := queries.merged_into(pk):
        return redirect("communities:community", into, permanent=True)
    organisation = get_object_or_404(queries.listed(), pk=pk)
    context = {
        "organisation": organisation,
        "township": queries.township_name(organisation.township_id or ""),
        "tiers": queries.confirmed_tiers(organisation),
    }
    return render(request, "communities/community.html", context)

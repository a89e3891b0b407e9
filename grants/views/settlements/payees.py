"""The people whom associations paid, by year: for the statements of January."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from grants.forms.settlements.rosters import PayeeFilter
from grants.queries.settlements.payees import payees
from grants.rules import withholding
from grants.tables.settlements import PayeeTable
from miaoli_kaohsiung.accounts.audiences import PAYEE_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lists.pages import Listing


@audience(PAYEE_READERS)
@require_http_methods(["GET", "POST"])
def payee_list(request: SignedIn) -> HttpResponseBase:
    """Show who was paid what in which year; taking the list out is noted."""
    rows = payees(request.user)
    listing = Listing(request, "payees", PayeeTable, PayeeFilter(request.GET, queryset=rows), anyone_takes=True)
    # A tax of 0 says nothing in a year of which the table is not filed.
    unknown = sorted({row["year"] for row in rows if not withholding.is_filed(row["income"], row["year"])})
    return listing.posted() or render(request, "grants/settlements/payees.html", {"list": listing, "unknown": unknown})

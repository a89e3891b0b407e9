"""What an association owes each year: its checklist, the confirmation of its record, and the offices' list."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.enums import Office
from communities.models import Organisation
from communities.queries import listed, office_holders, registered, township_choices
from grants.forms.health import HealthFilter
from grants.models import Scheme
from grants.permissions import body_ground, holds
from grants.queries import health
from grants.services.health import confirm_profile
from grants.tables.health import HealthTable
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.pages import Listing
from miaoli_kaohsiung.lists.queries import counties_of

# So many years are offered in the list.
YEARS_BACK = 6


@audience(AWARD_READERS)
@require_safe
def checklist(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's year: what is done, what is missing and by when, and the figure with its arithmetic."""
    organisation = get_object_or_404(registered(request.user), pk=pk)
    known, asked = health.years_of(organisation), whole_number(request.GET.get("year", ""))
    year = next((one for one in known if roc_year(one) == asked), clock.today().year)
    context = {
        "organisation": organisation,
        "accent_county": organisation.county,
        "health": health.health_of(organisation, year),
        "years": [(roc_year(one), one == year) for one in known],
        "roc_year": roc_year(year),
        "scheme": Scheme.objects.filter(county=organisation.county).first(),
        "chairs": office_holders(organisation.pk, Office.CHAIRPERSON),
        "may_confirm": holds(request.user, body_ground(organisation), Role.MEMBER),
    }
    return render(request, "grants/health/checklist.html", context)


@audience(Role.MEMBER)
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Note that the association's record is right."""
    organisation: Organisation = get_object_or_404(registered(request.user), pk=pk)
    confirm_profile(request.user, organisation)
    messages.success(request, _("謝謝您，已記下今天確認過登記的資料。"))
    return redirect("grants:health", pk)


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def health_list(request: SignedIn) -> HttpResponseBase:
    """Show the associations of my county or township with what they owed in a year."""
    this, chosen = clock.today().year, whole_number(request.GET.get("year"), digits=4)
    years = [(str(year), _("%d年") % roc_year(year)) for year in range(this, this - YEARS_BACK, -1)]
    year = chosen if chosen is not None and str(chosen) in dict(years) else this
    seen = registered(request.user).filter(pk__in=listed().values("pk"))
    codes = set(seen.order_by().values_list("township_id", flat=True).distinct())
    places = [row for row in township_choices(*sorted(counties_of(request.user))) if row[0] in codes]
    rows = health.with_health(seen, year).order_by("county", "township__position", "name")
    found = HealthFilter(request.GET, rows, years=years, townships=places)
    listing = Listing(request, "health", HealthTable, found, year=year)
    return listing.posted() or render(request, "grants/health/list.html", {"list": listing})

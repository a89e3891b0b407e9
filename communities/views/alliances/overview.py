"""All alliances: the offices' list, and the public pages, which name associations and no persons."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.filters import AllianceFilter
from communities.models import Alliance
from communities.queries import alliances
from communities.tables import AllianceTable
from miaoli_kaohsiung.accounts.audiences import OFFICE_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.lib.network import Node, star
from miaoli_kaohsiung.lists.pages import Listing


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def alliance_list(request: SignedIn) -> HttpResponseBase:
    """Show the alliances of the county or township."""
    rows = alliances.counted(alliances.seen_by(request.user)).order_by("-starts_on", "-pk")
    listing = Listing(request, "alliances", AllianceTable, AllianceFilter(request.GET, rows))
    return listing.posted() or render(request, "lists/page.html", {"list": listing})


@public_page
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the public which alliances came about."""
    return render(request, "communities/alliances/public_list.html", {"alliances": alliances.public()})


@public_page
@require_safe
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the public one alliance: its name, its associations and its purpose."""
    found: Alliance = get_object_or_404(alliances.public(), pk=pk)
    others = [row for row in found.agreed if row.organisation_id != found.lead_id]  # type: ignore[attr-defined]  # prefetched
    picture = star(_("結盟網絡圖，內容同下表"), found.lead.name, [Node(row.organisation.name) for row in others])
    context = {"alliance": found, "others": others, "picture": picture}
    return render(request, "communities/alliances/public.html", context)

"""The list of instalments by status, and of money that must come back."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from grants.forms.payments import PaymentFilter
from grants.queries import payments
from grants.tables.payments import InstalmentTable, ReturnTable
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lists.pages import Listing

VIEW_NAMES = {
    "mine": _l("全部"),
    "to_approve": _l("待核付"),
    "to_pay": _l("待撥款"),
    "awaiting": _l("待請款"),
    "scheduled": _l("待結報"),
    "returns": _l("待繳回"),
    "paid": _l("已撥付"),
}
FIRST_VIEW = {Role.FINANCE_OFFICER: "to_pay", Role.MEMBER: "mine"}


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def payment_list(request: SignedIn) -> HttpResponseBase:
    """Show instalments by status, and money that must come back; each person sees their own county, township or cases."""
    view, posts = request.GET.get("view", ""), posts_of(request.user)
    if view not in VIEW_NAMES:
        view = next((FIRST_VIEW[Role(post.role)] for post in posts if post.role in FIRST_VIEW), "to_approve")
    offices = {post.county for post in posts if post.role in OFFICE_READERS}
    back = view == "returns"
    rows = payments.returns(request.user, in_view=True) if back else payments.instalments(request.user, view)
    found = PaymentFilter(request.GET, rows, offices=offices)
    name, table = ("returns", ReturnTable) if back else ("payments", InstalmentTable)
    listing = Listing(request, name, table, found, kept={"view": view})
    counts = payments.counts(request.user)
    context = {
        "views": [(key, label, counts.get(key), key == view) for key, label in VIEW_NAMES.items()],
        "name": VIEW_NAMES[view],
        "list": listing,
        "staff": any(post.role in COUNTY_READERS for post in posts),
    }
    return listing.posted() or render(request, "grants/payments/list.html", context)

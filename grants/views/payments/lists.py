"""The lists of instalments by status, of settlements that wait, of money that must come back, and of awards."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from grants.forms.payments import AwardFilter, PaymentFilter, RiskFilter, SettlementFilter
from grants.forms.treasury import PayableFilter
from grants.queries import awards, payments, treasury
from grants.queries.desk import views
from grants.queries.settlements import lists
from grants.services.desk import bulk
from grants.tables.awards import AwardTable, RiskTable
from grants.tables.payments import InstalmentTable, ReturnTable
from grants.tables.settlements import SettlementTable
from grants.tables.treasury import PayableTable
from grants.views.treasury.batches import make_batch
from miaoli_kaohsiung.accounts.audiences import (
    AWARD_READERS,
    CASE_HANDLERS,
    COUNTY_READERS,
    OFFICE_READERS,
    PAYEE_READERS,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lists.acts import bulk_act
from miaoli_kaohsiung.lists.pages import Act, Listing
from miaoli_kaohsiung.lists.tables import ListTable

VIEW_NAMES = {
    "mine": _l("全部"),
    "to_approve": _l("待核付"),
    "to_pay": _l("待撥款"),
    "awaiting": _l("待請款"),
    "scheduled": _l("待結報"),
    "settlements": _l("待核結報"),
    "returns": _l("待繳回"),
    "paid": _l("已撥付"),
    "awards": _l("核定案"),
    "at_risk": _l("要留意"),
}
# What the county alone looks at.
FOR_STAFF = ("at_risk",)
FIRST_VIEW = {Role.FINANCE_OFFICER: "to_pay", Role.MEMBER: "mine"}


@dataclass(frozen=True)
class _List:
    """What a view lists, if it is not instalments in a status."""

    name: str
    rows: Callable[[User], QuerySet[Any]]
    table: type[ListTable]
    found: type[PaymentFilter]
    # Adds to the rows what only a row shows.
    shown: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None


def _payable(user: User) -> QuerySet[Any]:
    return treasury.to_pay(payments.instalments(user, view="to_pay"))


_LISTS = {
    "settlements": _List("settlements", lists.with_the_county, SettlementTable, SettlementFilter),
    "returns": _List("returns", partial(payments.returns, in_view=True), ReturnTable, PaymentFilter),
    "awards": _List("awards", awards.listed, AwardTable, AwardFilter, awards.shown),
    "at_risk": _List("at-risk", awards.at_risk, RiskTable, RiskFilter, awards.shown),
}

# What the county's own people see of what waits to be paid: with accounts and batches.
_PAYABLE = _List("payable", _payable, PayableTable, PayableFilter)
MAKE_BATCH = Act("treasury.make", _l("編成付款清冊"), make_batch)


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def payment_list(request: SignedIn) -> HttpResponseBase:
    """Show instalments by status, settlements that wait, money that must come back, and awards; each person sees their
    own county, township or cases.
    """
    view, posts = request.GET.get("view", ""), posts_of(request.user)
    staff = any(post.role in COUNTY_READERS for post in posts)
    names = {key: label for key, label in VIEW_NAMES.items() if staff or key not in FOR_STAFF}
    if view not in names:
        view = next((FIRST_VIEW[Role(post.role)] for post in posts if post.role in FIRST_VIEW), "to_approve")
    shown = _LISTS.get(view) or _List(
        "payments", partial(payments.instalments, view=view), InstalmentTable, PaymentFilter
    )
    if view == "to_pay" and staff:
        shown = _PAYABLE
    offices = {post.county for post in posts if post.role in OFFICE_READERS}
    found = shown.found(request.GET, shown.rows(request.user), offices=offices, officers=staff)
    acts = [MAKE_BATCH] if view == "to_pay" and treasury.may_make_batches(request.user) else []
    if view == "at_risk" and any(post.role in CASE_HANDLERS for post in posts):
        acts = [bulk_act(bulk.ASK_PROGRESS)]
    listing = Listing(request, shown.name, shown.table, found, acts, kept={"view": view}, shown=shown.shown)
    counts = views.counts(request.user)
    context = {
        "views": [(key, label, payments.in_words(counts.get(key)), key == view) for key, label in names.items()],
        "name": VIEW_NAMES[view],
        "list": listing,
        "staff": staff,
        "payees": any(post.role in PAYEE_READERS for post in posts),
        "pays": treasury.may_make_batches(request.user),
    }
    return listing.posted() or render(request, "grants/payments/list.html", context)

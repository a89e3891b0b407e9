from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from communities.services.tiers import TierError
from evaluation import permissions
from evaluation.enums import RoundStatus
from evaluation.filters import EntryFilter
from evaluation.forms.rounds import ChangeDaysForm, RoundForm
from evaluation.models import Round
from evaluation.queries import rounds, sheets, spread
from evaluation.services import publishing
from evaluation.services.moderation import WaitingError
from evaluation.services.rounds import COLUMNS, RoundError, open_round, set_days
from evaluation.tables import EntryTable
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, EVALUATION_READERS, EVALUATION_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import ad_year, roc_year
from miaoli_kaohsiung.lists.pages import Act, Listing

# How many associations that hold up the end of scoring are named.
NAMED = 15


@audience(EVALUATION_READERS)
@require_safe
def round_list(request: SignedIn) -> HttpResponse:
    """Show the county's rounds; to members those of their associations."""
    context = {
        "rounds": rounds.rounds(request.user),
        "own": rounds.own_entries(request.user),
        "may_open": post_with(request.user, Role.CASE_OFFICER) is not None,
    }
    return render(request, "evaluation/rounds.html", context)


@audience(Role.CASE_OFFICER)
def open_page(request: SignedIn) -> HttpResponse:
    """Open this year's round, with the indicators of the county's last one."""
    post = post_with(request.user, Role.CASE_OFFICER)
    assert post is not None, "the audience of the view sees to it"
    last = Round.objects.filter(county=post.county).first()
    form = RoundForm(request.POST or None, last=last, initial={"year": roc_year(clock.today().year)})
    if request.method == "POST" and not form.asks_for_rows and form.is_valid():
        data = form.cleaned_data
        try:
            opened = open_round(request.user, post.county, data["year"], form.terms(), form.indicators())
        except RoundError as refused:
            form.add_error("year", refused.reason)
        else:
            messages.success(request, _("已開辦評鑑，接下來請指派委員。"))
            return redirect(address_of("evaluation:panel", opened))
    context = {"form": form, "last": last}
    checked = form.is_bound and not form.asks_for_rows
    return render(request, "evaluation/open.html", context, status=422 if checked and form.errors else 200)


@audience(EVALUATION_STAFF)
@require_http_methods(["GET", "POST"])
def round_page(request: SignedIn, year: int) -> HttpResponseBase:
    """Show a round: to judges their sheets, to the county its associations, how far the judges are, and the results."""
    found = round_or_404(request, year)
    user = request.user
    county_side = rounds.rounds(user, COUNTY_READERS).filter(pk=found.pk).exists()
    seen = rounds.sees_sheets(user, found)
    listing = _listing(request, found, seen=seen) if county_side else None
    context = {
        "round": found,
        "list": listing,
        "sees_sheets": seen,
        "own": sheets.own_sheets(user).filter(entry__round=found),
        "indicators": found.indicators.all(),
        "unscored": found.unscored().count(),
        "may_arrange": permissions.may_arrange(user, found),
        "may_close": permissions.may_close(user, found),
        "may_reopen": permissions.may_reopen(user, found),
        "may_publish": permissions.may_publish(user, found),
        "may_see_tiers": county_side,
    }
    answer = listing.posted() if listing else None
    return answer or render(request, "evaluation/round.html", context)


def _listing(request: SignedIn, round_: Round, *, seen: bool) -> Listing:
    found = EntryFilter(request.GET, rounds.entries(request.user, round_), county=round_.county)
    kept = {"county": round_.county} if "county" in request.GET else {}
    acts = [Act("assign", _l("指派委員"), _begin_assigning)] if permissions.may_arrange(request.user, round_) else []
    totals = spread.totals(round_) if seen else None
    listing = Listing(request, "evaluation", EntryTable, found, acts, kept=kept, totals=totals)
    if "sort" not in request.GET:
        order = ("-total", "organisation__name") if round_.status == RoundStatus.PUBLISHED else ("organisation__name",)
        listing.table.data.data = listing.table.data.data.order_by(*order, "pk")
    return listing


def _begin_assigning(request: SignedIn, rows: Any) -> HttpResponseBase:
    round_ = rows.first().round
    keys = ",".join(str(key) for key in rows.values_list("pk", flat=True))
    return redirect(address_of("evaluation:panel", round_) + f"&entries={keys}")


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def days(request: SignedIn, year: int) -> HttpResponse:
    """Change the last days of an open round."""
    found = round_or_404(request, year)
    initial = {name: getattr(found, name) for name in COLUMNS}
    form = ChangeDaysForm(
        request.POST if request.method == "POST" else None, initial=initial, opened_on=found.opened_on
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_days(request.user, found, form.days())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已修改日程。"))
            return redirect(address_of("evaluation:round", found))
    return render(request, "evaluation/days.html", {"round": found, "form": form}, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def close(request: SignedIn, year: int) -> HttpResponse:
    """End the scoring once every sheet is in, or open it again before the results are published."""
    found = round_or_404(request, year)
    reopening = found.status == RoundStatus.CLOSED
    if request.method == "POST":
        try:
            (publishing.reopen if reopening else publishing.close)(request.user, found)
        except Refused as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, _("已重新開放評分。") if reopening else _("已結束評分，請主管公布。"))
        return redirect(address_of("evaluation:round", found))
    context = {
        "round": found,
        "reopening": reopening,
        "answer": (permissions.may_reopen if reopening else permissions.may_close)(request.user, found),
        "unscored": found.unscored().select_related("organisation").order_by("organisation__name")[:NAMED],
    }
    return render(request, "evaluation/close.html", context)


@audience(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def publish(request: SignedIn, year: int) -> HttpResponse:
    """Publish the results; the tiers go to the registry as proposals."""
    found = round_or_404(request, year)
    if request.method == "POST":
        try:
            publishing.publish(request.user, found)
        except (TierError, WaitingError) as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, _("已公布。分級已列入待確認名單。"))
            return redirect("communities:tier-proposals")
    answer = permissions.may_publish(request.user, found)
    tiers = spread.distribution(found, spread.totals(found)) if answer else []
    context = {"round": found, "answer": answer, "tiers": [(tier.label, count) for tier, count in tiers]}
    return render(request, "evaluation/publish.html", context)


def round_or_404(request: SignedIn, year: int) -> Round:
    """Return the round of a ROC year; somebody who serves both counties names one with ?county=."""
    rows = rounds.rounds(request.user).filter(year=ad_year(year))
    if county := request.GET.get("county"):
        return get_object_or_404(rows, county=county)
    return get_object_or_404(rows.order_by("county")[:1])


def address_of(name: str, round_: Round) -> str:
    """Return the address of a page of this very round."""
    return f"{reverse(name, args=[round_.roc_year])}?county={round_.county}"

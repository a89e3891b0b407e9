from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.services.tiers import TierError
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, EVALUATION_READERS, EVALUATION_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.roc_date import ad_year, roc_year

from . import permissions, queries, services
from .enums import Dimension, RoundStatus
from .forms import DifficultiesForm, RoundForm, ScoreForm
from .models import Round

PAGE_SIZE = 15


@audience(EVALUATION_READERS)
@require_safe
def rounds(request: SignedIn) -> HttpResponse:
    """Show the county's rounds; to members those of their associations."""
    context = {
        "rounds": queries.rounds(request.user),
        "own": queries.own_entries(request.user),
        "may_open": post_with(request.user, Role.CASE_OFFICER) is not None,
    }
    return render(request, "evaluation/rounds.html", context)


@audience(Role.CASE_OFFICER)
def open_round(request: SignedIn) -> HttpResponse:
    """Open this year's round."""
    post = post_with(request.user, Role.CASE_OFFICER)
    assert post is not None, "the audience of the view sees to it"
    form = RoundForm(request.POST or None, initial={"year": roc_year(clock.today().year)})
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_round(
                request.user,
                post.county,
                form.cleaned_data["year"],
                excellent_from=form.cleaned_data["excellent_from"],
                potential_from=form.cleaned_data["potential_from"],
                indicators=form.indicators(),
            )
        except services.RoundError as refused:
            form.add_error("year", refused.reason)
        else:
            messages.success(request, _("已開辦評鑑。"))
            return redirect("evaluation:round", opened.roc_year)
    return render(request, "evaluation/open.html", {"form": form}, status=422 if form.errors else 200)


@audience(EVALUATION_STAFF)
@require_safe
def round_page(request: SignedIn, year: int) -> HttpResponse:
    """Show the associations of a round: who is scored, and the results once published."""
    found = _round(request, year)
    page = Paginator(queries.entries(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": found,
        "page": page,
        "indicators": found.indicators.order_by("position"),
        "unscored": found.unscored().count(),
        "published": found.status == RoundStatus.PUBLISHED,
        "may_publish": permissions.may_publish(request.user, found),
        "may_see_tiers": post_with(request.user, COUNTY_READERS, county=found.county) is not None,
    }
    return render(request, "evaluation/round.html", context)


@audience(Role.APPROVER)
def publish(request: SignedIn, year: int) -> HttpResponse:
    """Publish the results; the tiers go to the registry as proposals."""
    found = _round(request, year)
    if request.method == "POST":
        try:
            services.publish(request.user, found)
        except TierError as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, _("已公布。分級已列入待確認名單。"))
            return redirect("communities:tier-proposals")
    context = {
        "round": found,
        "answer": permissions.may_publish(request.user, found),
        "unscored": found.unscored().select_related("organisation").order_by("organisation__name")[:PAGE_SIZE],
    }
    return render(request, "evaluation/publish.html", context)


@audience(EVALUATION_READERS)
def entry(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's part in a round: the county scores it, its members read it once published."""
    found = get_object_or_404(queries.visible_entries(request.user), pk=pk)
    may_score = permissions.may_score(request.user, found)
    may_tell = permissions.may_tell_difficulties(request.user, found)
    form = ScoreForm(request.POST or None, entry=found) if may_score else None
    if request.method == "POST":
        access.require(may_score)
        if form and form.is_valid():
            rest = {name: form.cleaned_data[name] for name in ("comment", "not_evaluated")}
            services.score(request.user, found, form.points(), **rest)
            messages.success(request, _("已儲存評分。"))
            # Somebody who serves both counties goes back to the round of this one.
            address = reverse("evaluation:round", args=[found.round.roc_year])
            return redirect(f"{address}?county={found.round.county}")
    county_side = queries.rounds(request.user).filter(pk=found.round_id).exists()
    shown = county_side or found.round.status == RoundStatus.PUBLISHED
    points = queries.by_dimension(found) if shown else {}
    context = {
        "entry": found,
        "form": form,
        "may_tell": may_tell,
        "difficulties_form": DifficultiesForm(initial={"difficulties": found.difficulties}) if may_tell else None,
        "shown": shown,
        "county_side": county_side,
        "dimensions": [(Dimension(value).label, total) for value, total in points.items()],
        "total": sum(points.values()),
    }
    return render(request, "evaluation/entry.html", context, status=422 if form and form.errors else 200)


@audience(Role.MEMBER)
@require_POST
def difficulties(request: SignedIn, pk: int) -> HttpResponse:
    """Let the association name its difficulties."""
    found = get_object_or_404(queries.own_entries(request.user), pk=pk)
    form = DifficultiesForm(request.POST)
    if form.is_valid():
        services.tell_difficulties(request.user, found, form.cleaned_data["difficulties"])
        messages.success(request, _("已儲存，謝謝您。"))
        return redirect("evaluation:entry", pk)
    context = {"entry": found, "difficulties_form": form, "may_tell": access.ALLOW}
    return render(request, "evaluation/entry.html", context, status=422)


def _round(request: SignedIn, year: int) -> Round:
    """Return the round of a ROC year; somebody who serves both counties names one with ?county=."""
    rows = queries.rounds(request.user).filter(year=ad_year(year))
    if county := request.GET.get("county"):
        return get_object_or_404(rows, county=county)
    return get_object_or_404(rows.order_by("county")[:1])

"""What the sheets of a round come to: the tiers they would give, who lies far from the others, what associations need."""

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import Organisation
from evaluation import permissions, rules
from evaluation.enums import Theme
from evaluation.filters import DifficultyFilter
from evaluation.models import Round
from evaluation.queries import rounds, spread
from evaluation.services.moderation import waiting
from evaluation.services.rounds import add_entry
from evaluation.tables import DifficultyTable
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lists.pages import Listing

from .rounds import address_of, round_or_404


@audience(COUNTY_READERS)
@require_safe
def results(request: SignedIn, year: int) -> HttpResponse:
    """Show the tiers that the sheets so far would give, and how far the judges lie apart."""
    found = _county_round(request, year)
    seen = rounds.sees_sheets(request.user, found)
    standing = spread.totals(found) if seen else {}
    tiers = spread.distribution(found, standing)
    context = {
        "round": found,
        "seen": seen,
        "tiers": [(tier.label, count, rules.percent(count, len(standing))) for tier, count in tiers],
        "judged": len(standing),
        "unscored": found.unscored().count(),
        "excused": found.entries.exclude(not_evaluated="")
        .select_related("organisation")
        .order_by("organisation__name"),
        "later": rounds.registered_later(found),
        "may_arrange": permissions.may_arrange(request.user, found),
        "spread": spread.spread(found) if seen else None,
        "waiting": waiting(found),
    }
    return render(request, "evaluation/results.html", context)


@audience(Role.CASE_OFFICER)
@require_POST
def take_in(request: SignedIn, year: int) -> HttpResponse:
    """Take an association into the round that was registered after its opening."""
    found = _county_round(request, year)
    key = whole_number(request.POST.get("organisation")) or 0
    organisation = get_object_or_404(Organisation, pk=key, county=found.county)
    add_entry(request.user, found, organisation)
    messages.success(request, _("已列入，請記得指派委員。"))
    return redirect(address_of("evaluation:results", found))


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def difficulty_list(request: SignedIn, year: int) -> HttpResponseBase:
    """List what the associations of a round need, by theme; as a file too."""
    found = _county_round(request, year)
    rows = rounds.entries(request.user, found).exclude(difficulties="", themes=[])
    counted = Counter(theme for themes in rows.values_list("themes", flat=True) for theme in themes)
    kept = {"county": found.county} if "county" in request.GET else {}
    filtered = DifficultyFilter(request.GET, rows, county=found.county)
    listing = Listing(request, "difficulties", DifficultyTable, filtered, kept=kept)
    context = {
        "round": found,
        "list": listing,
        "themes": [(theme.value, theme.label, counted[theme.value]) for theme in Theme if counted[theme.value]],
    }
    return listing.posted() or render(request, "evaluation/difficulties.html", context)


def _county_round(request: SignedIn, year: int) -> Round:
    """Return a round of a county whose people look into it; a judge of the county does not."""
    found = round_or_404(request, year)
    if not rounds.rounds(request.user, COUNTY_READERS).filter(pk=found.pk).exists():
        raise Http404
    return found

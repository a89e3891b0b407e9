"""The office calendar of a county, a year a page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.models import Closure
from grants.queries.calendar import book, pages
from grants.queries.calendar.changes import source_of
from grants.services.calendar import closures, days
from miaoli_kaohsiung.accounts.counties import choices, name_of, slugs
from miaoli_kaohsiung.accounts.permissions import SignedIn, signed_in
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_propose
from miaoli_kaohsiung.changes.queries import visible_to
from miaoli_kaohsiung.lib import clock

# The years that are looked at: the first is that of the typhoon, the last as far as a period may reach.
FIRST_YEAR, LAST_YEAR = 2009, 2099


@signed_in
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """Show this year of one's own county."""
    own = [post.county for post in posts_of(request.user) if post.county]
    return _page(request, (own or slugs())[0], clock.today().year)


@signed_in
@require_safe
def year(request: SignedIn, county: str, year: int) -> HttpResponse:
    """Show a year as twelve months, its closures, and what was changed or waits."""
    require_place(county, year)
    return _page(request, county, year)


def _page(request: SignedIn, county: str, year: int) -> HttpResponse:
    context = {
        "county": county,
        "accent_county": county,
        "county_name": name_of(county, clock.today()),
        "counties": choices(),
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "known": book.read().of(county).covers(year),
        "source": source_of(county, year),
        "months": pages.months_of(county, year),
        "today": clock.today(),
        "closures": Closure.objects.filter(county=county, on__year=year).select_related("declared_by", "seen_by"),
        "keeps": may_propose(request.user, days.COUNTY, county),
        "declares": closures.may_declare(request.user, county),
        "history": changes_of(request, county, year),
    }
    return render(request, "grants/calendar/year.html", context)


def changes_of(request: SignedIn, county: str, year: int) -> list[Change]:
    """Return the changes of the year that this person may open, the newest first."""
    kinds = {days.COUNTY.name, days.NATIONAL.name}
    rows = visible_to(request.user).filter(kind__in=kinds, county__in=["", county], subject__startswith=str(year))
    return list(rows)


def require_place(county: str, year: int) -> None:
    """Raise Http404 for a county or a year that there is no calendar of."""
    if county not in slugs() or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404

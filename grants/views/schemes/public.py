"""Pages that anybody may read: the home and the schemes."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from communities.queries import townships_of
from grants.compliance.eligibility import offer
from grants.compliance.rulesets import ruleset_for
from grants.models import Envelope, Scheme
from grants.queries.schemes.public import envelope_uses, recent_awards, schemes_open, when_open
from grants.queries.schemes.steps import scheme_steps
from grants.queries.schemes.terms import own_papers
from grants.rules import catalogue, own
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show open schemes with the money left this year, the search for a community, and the latest awards."""
    today = clock.today()
    schemes = schemes_open(today)
    uses = {use.envelope.scheme_id: use for use in envelope_uses(Envelope.objects.filter(year=today.year))}
    return render(
        request,
        "grants/schemes/home.html",
        {
            "schemes": [(scheme, uses.get(scheme.pk)) for scheme in schemes],
            "awards": recent_awards(6),
            "townships": [(name, townships_of(county)) for county, name in counties.choices()],
        },
    )


@public_page
def scheme_list(request: HttpRequest) -> HttpResponse:
    schemes = Scheme.objects.prefetch_related("rounds")
    rows = [(scheme, when_open(scheme, clock.today())) for scheme in schemes]
    return render(request, "grants/schemes/list.html", {"schemes": rows, "may_add": _may_add(request.user)})


@public_page
def scheme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is paid, to whom and how: programmes, items of chapter 肆, papers, criteria, envelopes."""
    scheme = get_object_or_404(Scheme, slug=slug)
    ruleset = ruleset_for(scheme, clock.today())
    return render(
        request,
        "grants/schemes/detail.html",
        {
            "scheme": scheme,
            "terms": scheme.terms_on(clock.today()),
            "offer": offer(scheme),
            "who": [clause for clause in ruleset.clauses.values() if clause.kind == "eligibility"],
            "steps": scheme_steps(scheme, ruleset, clock.today()),
            "check_address": f"{reverse('grants:check')}?county={scheme.county}",
            "groups": catalogue.items_by_group(scheme.ruleset),
            "documents": catalogue.filing_papers(scheme.ruleset),
            "own_papers": own_papers(scheme, clock.today()),
            "criteria": catalogue.review_criteria(scheme.ruleset)
            or own.criteria(scheme.terms_on(clock.today()).criteria),
            "uses": envelope_uses(scheme.envelopes.order_by("year")),
            "open": scheme.window_on(clock.today()) is not None,
            "when": when_open(scheme, clock.today()),
            "may_apply": _may_apply(request.user),
            "may_set_envelope": request.user.is_authenticated and _keeper(request.user, scheme) is not None,
        },
    )


def _may_apply(user: User | AnonymousUser) -> bool:
    """Return whether to offer applying: to visitors, who sign in first, and among signed-in people to associations only."""
    return not user.is_authenticated or any(post.role == Role.MEMBER for post in posts_of(user))


def _may_add(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and any(post.role in CASE_HANDLERS for post in posts_of(user))


def _keeper(user: User, scheme: Scheme) -> Post | None:
    """Return the post in which the user may see the envelopes' history: one of the scheme's own county, or the
    auditor's.
    """
    posts = (post for post in posts_of(user) if post.role in COUNTY_READERS)
    return next((post for post in posts if post.county in ("", scheme.county)), None)

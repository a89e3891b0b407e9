"""Tiers: a case officer proposes, an approver confirms or refuses one by one; a table of townships and years."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities import permissions, places, queries
from communities.enums import TierBasis
from communities.forms.registry import DecisionForm, TierForm
from communities.models import TierDecision
from communities.queries import tier_years, waiting
from communities.services import tiers
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.roc_date import roc_year

PAGE_SIZE = 15


@audience(Role.CASE_OFFICER)
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """Propose the tier of an association for a year."""
    organisation = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_propose_tier(request.user, organisation))
    form = TierForm(request.POST or None, initial={"year": roc_year(clock.today().year)})
    if request.method == "POST" and form.is_valid():
        try:
            tiers.propose_tier(request.user, organisation, basis=TierBasis.DECISION, **form.cleaned_data)
        except tiers.TierError as refused:
            form.add_error("year", refused.reason)
        else:
            messages.success(request, _("已提報，等主管確認。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "title": _("提報分級")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(COUNTY_READERS)
def proposals(request: SignedIn) -> HttpResponse:
    """Show tiers that wait for confirmation; each is opened and confirmed by itself."""
    page = Paginator(waiting.tier_proposals(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    for decision in page:
        decision.answer = permissions.may_decide_tier(request.user, decision)  # type: ignore[attr-defined]  # for its row
    return render(request, "communities/tier_proposals.html", {"page": page})


@audience(OFFICE_READERS)
@require_safe
def heat(request: SignedIn) -> HttpResponse:
    """Show the tiers of each township by year, in colours and in words."""
    posts = [post for post in posts_of(request.user) if post.role in OFFICE_READERS]
    slugs = sorted({post.county for post in posts})
    years, rows = tier_years.by_township(slugs)
    context = {"years": years, "rows": rows, "legend": tier_years.LEVELS, "kinds": places.kinds(*slugs)}
    return render(request, "communities/tier_heat.html", context)


@audience(COUNTY_READERS)
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Show one proposal, to confirm or refuse."""
    decision = get_object_or_404(
        TierDecision.objects.select_related("organisation", "proposed_by", "decided_by"),
        pk=pk,
        organisation__in=queries.registered(request.user),
    )
    answer = permissions.may_decide_tier(request.user, decision)
    form = DecisionForm(request.POST or None, instance=decision)
    if request.method == "POST":
        access.require(answer)
        if form.is_valid():
            note, confirm = form.cleaned_data["decision_note"], "refuse" not in request.POST
            tiers.decide_tier(request.user, decision, confirm=confirm, note=note)
            messages.success(request, _("已確認分級。") if confirm else _("已退回，不同意這個分級。"))
            return _next_or_done(request, decision)
    context = {"decision": decision, "form": form, "answer": answer}
    return render(request, "communities/tier_decision.html", context, status=422 if form.errors else 200)


def _next_or_done(request: SignedIn, decision: TierDecision) -> HttpResponse:
    """Lead on to the next proposal that this person may decide; without any to the association's page."""
    left = waiting.tier_proposals(request.user).exclude(pk=decision.pk)
    following = next((row for row in left[:PAGE_SIZE] if permissions.may_decide_tier(request.user, row)), None)
    if following:
        return redirect("communities:tier-decide", following.pk)
    return redirect("communities:organisation", decision.organisation_id)

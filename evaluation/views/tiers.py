"""A tier explained: why it is so, and what would lift it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from communities.enums import TierDecisionStatus
from communities.models import TierDecision
from communities.permissions import may_see_proposed_tiers
from communities.queries import registered
from evaluation.queries.lift import lift_of
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience


@audience(AWARD_READERS)
@require_safe
def tier(request: SignedIn, pk: int) -> HttpResponse:
    """Show why an association has its tier of a year; one that is not confirmed only to the county."""
    rows = TierDecision.objects.filter(organisation__in=registered(request.user)).select_related("organisation")
    decision = get_object_or_404(rows, pk=pk)
    confirmed = decision.status == TierDecisionStatus.CONFIRMED
    if not confirmed and not may_see_proposed_tiers(request.user, decision.organisation):
        raise Http404
    context = {"decision": decision, "lift": lift_of(decision), "accent_county": decision.organisation.county}
    return render(request, "evaluation/tier.html", context)

"""A tier explained: why it is so, and what would lift it; the certificates of the excellent ones."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from communities.enums import TierDecisionStatus
from communities.models import TierDecision
from communities.permissions import may_see_proposed_tiers
from communities.queries import registered
from evaluation.queries.lift import lift_of
from evaluation.services.certificates import certificate as certificate_of
from evaluation.services.certificates import certificates as certificates_of
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused

from .rounds import address_of, round_or_404


@audience(AWARD_READERS)
@require_safe
def tier(request: SignedIn, pk: int) -> HttpResponse:
    """Show why an association has its tier of a year; one that is not confirmed only to the county."""
    decision = _decision(request, pk)
    context = {"decision": decision, "lift": lift_of(decision), "accent_county": decision.organisation.county}
    return render(request, "evaluation/tier.html", context)


@audience(AWARD_READERS)
@require_safe
def certificate(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the certificate of one excellent association."""
    decision = _decision(request, pk)
    try:
        return made_pdf(certificate_of(request.user, decision), f"certificate-{decision.pk}.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("evaluation:tier", pk)


@audience(COUNTY_READERS)
@require_safe
def certificates(request: SignedIn, year: int) -> HttpResponseBase:
    """Return the certificates of a round, a page for each excellent association."""
    found = round_or_404(request, year)
    try:
        return made_pdf(certificates_of(request.user, found), f"certificates-{found.roc_year}.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect(address_of("evaluation:round", found))


def _decision(request: SignedIn, pk: int) -> TierDecision:
    rows = TierDecision.objects.filter(organisation__in=registered(request.user)).select_related("organisation")
    decision = get_object_or_404(rows, pk=pk)
    confirmed = decision.status == TierDecisionStatus.CONFIRMED
    if not confirmed and not may_see_proposed_tiers(request.user, decision.organisation):
        raise Http404
    return decision

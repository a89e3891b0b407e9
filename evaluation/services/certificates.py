"""Certificates (獎狀) of the excellent associations of a round: each with the name and the tier that were published."""

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from communities.enums import Tier, TierBasis, TierDecisionStatus
from communities.models import TierDecision
from evaluation.models import Round
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused, deny, require


def honoured(round_: Round) -> QuerySet[TierDecision]:
    """Return the tiers of a round that are honoured: excellent, and confirmed by another person."""
    rows = _excellent().filter(organisation__county=round_.county, year=round_.year)
    return rows.order_by("organisation__township__position", "organisation__name", "pk")


def certificates(user: User, round_: Round) -> bytes:
    """Return the certificates of a round, a page each. Raises Refused, and lib.pdf's errors."""
    if not post_with(user, COUNTY_READERS, county=round_.county):
        require(deny(_("獎狀由縣府列印。")))
    return _printed(list(honoured(round_)))


def certificate(user: User, decision: TierDecision) -> bytes:
    """Return the certificate of one association, for its own people and the county. Raises Refused, lib.pdf's errors."""
    body = decision.organisation
    own = post_with(user, Role.MEMBER, organisation_id=body.pk)
    if not own and not post_with(user, COUNTY_READERS, county=body.county):
        require(deny(_("獎狀只提供協會自己和縣府列印。")))
    return _printed(list(_excellent().filter(pk=decision.pk)))


def _excellent() -> QuerySet[TierDecision]:
    rows = TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED, basis=TierBasis.EVALUATION)
    return rows.filter(tier=Tier.EXCELLENT).select_related("organisation")


def _printed(decisions: list[TierDecision]) -> bytes:
    if not decisions:
        raise Refused(_("評鑑公布、主管確認績優型以後，才有獎狀。"))
    pages = [(one, particulars(one.organisation.county, one.decided_on or one.proposed_on)) for one in decisions]
    return pdf.render(render_to_string("evaluation/certificate.html", {"pages": pages, "office": pages[0][1].office}))

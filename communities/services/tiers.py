from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import Tier, TierBasis, TierDecisionStatus
from communities.models import Organisation, TierDecision
from communities.permissions import may_propose_tier
from communities.workflow.tiers import move
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock

Scores = tuple[Decimal | int | None, Decimal | int | None, Decimal | int | None]


# What rooms above do about a tier that was confirmed, as its letter: each gets who confirmed it and the decision.
Act = Callable[[User, TierDecision], object]
_ACTS: list[Act] = []


class TierError(access.Refused):
    """A proposal that cannot be made."""


def when_confirmed(act: Act) -> Act:
    """Let the act follow each confirmation, in its unit of work."""
    _ACTS.append(act)
    return act


def propose_tier(user: User, organisation: Organisation, **proposal: Any) -> TierDecision:
    """Propose the tier of a year, as a case officer; `proposal` as for `record_tier`. An approver decides (M4.3a).

    Raises access.Refused, and TierError while another proposal for the year waits.
    """
    access.require(may_propose_tier(user, organisation))
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=organisation.county)):
        return record_tier(user, organisation, **proposal)


def record_tier(
    proposer: User,
    organisation: Organisation,
    *,
    year: int,
    tier: Tier | str,
    basis: TierBasis | str,
    reason: str,
    what_would_lift: str = "",
    scores: Scores = (None, None, None),
) -> TierDecision:
    """Keep a proposal for `year` (AD) in the caller's unit of work; `scores` are 會務, 財務, 業務.

    Publishing an evaluation calls it for each association, in the name of the officer who opened the round.
    Raises TierError while another proposal for the year waits.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    waiting = TierDecision.objects.filter(organisation=organisation, year=year, status=TierDecisionStatus.PROPOSED)
    if waiting.exists():
        raise TierError(_("%(name)s這個年度已經有一個提報等主管確認。") % {"name": organisation.name})
    decision = TierDecision.objects.create(
        organisation=organisation,
        year=year,
        tier=tier,
        basis=basis,
        reason=reason,
        what_would_lift=what_would_lift,
        governance_score=scores[0],
        finance_score=scores[1],
        services_score=scores[2],
        proposed_by=proposer,
        proposed_on=clock.today(),
    )
    after = trail.snapshot(decision, "year", "tier", "basis", "reason", "what_would_lift")
    trail.record(actions.PROPOSE_TIER, decision, after=after)
    return decision


def decide_tier(user: User, decision: TierDecision, *, confirm: bool, note: str) -> TierDecision:
    """Confirm or refuse one proposal: each is looked at by itself. Raises access.Refused."""
    to = TierDecisionStatus.CONFIRMED if confirm else TierDecisionStatus.REFUSED
    with trail.unit_of_work(actor(user, Role.APPROVER, county=decision.organisation.county)):
        row = move(decision.pk, to, user, note)
        for act in _ACTS if confirm else ():
            act(user, row)
        return row

"""The moves of a tier decision: 待主管確認 → 已確認 or 未同意. The only writer of its status."""

from communities import actions
from communities.enums import TierDecisionStatus
from communities.models import Organisation, TierDecision
from communities.permissions import may_decide_tier
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock

MOVES = {
    TierDecisionStatus.CONFIRMED: actions.CONFIRM_TIER,
    TierDecisionStatus.REFUSED: actions.REFUSE_TIER,
}


def move(decision_id: int, to: TierDecisionStatus, user: User, note: str) -> TierDecision:
    """Decide a proposal; the row is locked and read again first. Call it in a unit of work. Raises access.Refused."""
    rows = TierDecision.objects.select_for_update(of=("self",)).select_related("organisation")
    decision = rows.get(pk=decision_id)
    access.require(may_decide_tier(user, decision))
    decision.status, decision.decision_note = to, note
    decision.decided_by, decision.decided_on = user, clock.today()
    decision.save(update_fields=["status", "decision_note", "decided_by", "decided_on"])
    if to == TierDecisionStatus.CONFIRMED:
        _show_on_organisation(decision)
    trail.record(MOVES[to], decision, after={"tier": decision.tier, "year": decision.year, "note": note})
    return decision


def _show_on_organisation(decision: TierDecision) -> None:
    """Copy the tier to the organisation, where lists read it; an older year confirmed late does not replace a newer one."""
    organisation = Organisation.objects.select_for_update().get(pk=decision.organisation_id)
    if (organisation.current_tier_year or 0) <= decision.year:
        organisation.current_tier, organisation.current_tier_year = decision.tier, decision.year
        organisation.save(update_fields=["current_tier", "current_tier_year"])

"""The letter that tells an association its tier: drafted when the tier that follows from an evaluation is confirmed."""

from communities.enums import TierBasis
from communities.models import TierDecision
from communities.services.tiers import when_confirmed
from grants.enums import LetterKind
from grants.letters.names import Receiver
from grants.models import Letter
from miaoli_kaohsiung.accounts.models import User

from . import drafts


@when_confirmed
def draft_result(user: User, decision: TierDecision) -> Letter | None:
    """Draft the letter inside the caller's unit of work; none for a tier that somebody proposed without an evaluation."""
    if decision.basis != TierBasis.EVALUATION:
        return None
    body = decision.organisation
    # The total stands in the reason, as it was decided after the judges spoke of it.
    return drafts.prepare(
        user,
        Receiver(body.county, body),
        LetterKind.TIER,
        {"tier": decision.pk},
        year=decision.roc_year,
        tier=decision.get_tier_display(),
        tier_from=decision.decided_on,
        comments=[text for text in (decision.reason, decision.what_would_lift) if text],
    )

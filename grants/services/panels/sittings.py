"""A sitting: many cases decided one after the other in one list, each as its own unit of work.

What one case is refused for stops none of the others. The envelope is locked and counted by each decision anew, so that
two sittings at once do not spend the same money.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Application, Proposal
from grants.services.awards import decisions
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Refused

APPROVE, REJECT, NOT_ACCEPT, SEND_BACK = "approve", "reject", "not_accept", "send_back"
WORDS = {APPROVE: _l("核定"), REJECT: _l("不予補助"), NOT_ACCEPT: _l("不予受理"), SEND_BACK: _l("退回重擬")}
# What may be decided in a list on each outcome that an officer proposes, that outcome first.
CHOICES = {
    Proposal.Outcome.APPROVE: (APPROVE, REJECT, SEND_BACK),
    Proposal.Outcome.REJECT: (REJECT, SEND_BACK),
    Proposal.Outcome.NOT_ACCEPT: (NOT_ACCEPT, SEND_BACK),
}


@dataclass(frozen=True)
class Wish:
    """What the approver chose for a case; `proposal_id` is the proposal that the list showed, `seen` the keys of what was
    read of all that speaks against it.
    """

    case: Application
    choice: str
    proposal_id: int
    note: str = ""
    memo_number: str = ""
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a wish; `refused` says why nothing did, "" if it was done."""

    wish: Wish
    refused: str = ""

    @property
    def words(self) -> str:
        return str(WORDS[self.wish.choice])


def decide(user: User, wishes: Sequence[Wish]) -> list[Outcome]:
    """Decide the cases in their order. Every one that is refused says why; the others are decided all the same."""
    return [_decide(user, wish) for wish in wishes]


def _decide(user: User, wish: Wish) -> Outcome:
    try:
        _ACTS[wish.choice](user, wish)
    except Refused as refused:
        return Outcome(wish, refused.reason)
    return Outcome(wish)


def _approve(user: User, wish: Wish) -> None:
    decisions.approve(
        user,
        wish.case,
        memo_number=wish.memo_number,
        note=wish.note,
        proposal_id=wish.proposal_id,
        decided=decisions.Terms(seen=wish.seen),
    )


def _reject(user: User, wish: Wish) -> None:
    decisions.reject(user, wish.case, note=wish.note, proposal_id=wish.proposal_id)


def _not_accept(user: User, wish: Wish) -> None:
    decisions.not_accept(user, wish.case, note=wish.note, proposal_id=wish.proposal_id)


def _send_back(user: User, wish: Wish) -> None:
    if not wish.note.strip():
        raise Refused(_("退回時請寫要承辦人怎麼改。"))
    proposals.send_back(user, wish.case, note=wish.note)


_ACTS: dict[str, Callable[[User, Wish], None]] = {
    APPROVE: _approve,
    REJECT: _reject,
    NOT_ACCEPT: _not_accept,
    SEND_BACK: _send_back,
}

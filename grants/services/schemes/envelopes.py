"""A year's envelope: proposed by one person with the paper it rests on, confirmed by another.

Earlier approvals stand; later ones count against the new amount.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import RulingStatus
from grants.models import Envelope, EnvelopeChange, Scheme
from grants.queries.schemes.public import approved_of
from grants.workflow.schemes import ENVELOPES
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import store
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock_first
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import changes, years

SET = actions.register("envelope.set", _l("登錄年度額度"))


@dataclass(frozen=True)
class EnvelopeDraft:
    """A proposed envelope: `year` of the common era, `amount` in whole NT dollars, `scan` an upload of the paper. `below`:
    the person knows that more is approved already.
    """

    year: int
    amount: int
    memo_number: str
    reason: str
    scan: Any
    below: bool = False


class BelowApprovedError(Refused):
    """The amount is less than what is approved of the year, and the person has not said to know it."""


def propose(user: User, scheme: Scheme, draft: EnvelopeDraft) -> EnvelopeChange:
    """Keep a change until another person confirms it. Raises Refused for another post, or a change already open; its
    BelowApprovedError asks first.
    """
    _ask_below(scheme, draft)
    change = EnvelopeChange(
        scheme=scheme, year=draft.year, amount=draft.amount, memo_number=draft.memo_number, reason=draft.reason
    )

    def complete(actor: trail.Actor) -> None:
        present = Envelope.objects.filter(scheme=scheme, year=draft.year).first()
        change.before = present.amount if present else None
        change.scan = store(draft.scan, actor=actor, purpose=f"envelope:{scheme.slug}")

    return changes.propose(user, KIND, change, complete)


def _ask_below(scheme: Scheme, draft: EnvelopeDraft) -> None:
    approved = approved_of(scheme, draft.year)
    if draft.amount < approved and not draft.below:
        words = {
            "year": roc_year(draft.year),
            "approved": format_amount(approved),
            "over": format_amount(approved - draft.amount),
        }
        raise BelowApprovedError(
            _(
                "%(year)d年度已經核定 %(approved)s 元，比這個額度多 %(over)s 元。已核定的照舊，但不能再核定新的案件。"
                "真的要改成這個額度，請在這裡勾選，再送一次。"
            )
            % words
        )


def decide(user: User, change: EnvelopeChange, name: str, note: str = "") -> EnvelopeChange:
    """Confirm or refuse (`name` of the workflow). Once confirmed, the amount counts at once. Raises MoveRefused."""
    return changes.decide(user, KIND, change, name, note)


def own_open_change(user: User, scheme_id: int, year: int) -> bool:
    """Return whether the user's own change of the year waits for somebody else."""
    rows = EnvelopeChange.objects.filter(scheme=scheme_id, year=year, status=RulingStatus.DRAFT, proposed_by=user)
    return rows.exists()


def _one_waits(change: EnvelopeChange) -> str:
    return _("%(year)d年度已經有一筆額度等人確認，請先確認或不同意。") % {"year": roc_year(change.year)}


def _says(change: EnvelopeChange) -> str:
    params = {"scheme": change.scheme.short_name, "year": roc_year(change.year), "amount": format_amount(change.amount)}
    return _("%(scheme)s %(year)d年度：%(amount)s 元。") % params


def _apply(scheme: Scheme, change: EnvelopeChange) -> None:
    envelope = lock_first(Envelope.objects.filter(scheme=scheme, year=change.year), no_key=True)
    before = envelope.amount if envelope else None
    envelope = envelope or Envelope(scheme=scheme, year=change.year)
    envelope.amount = change.amount
    envelope.save()
    after = {"amount": change.amount, "memo_number": change.memo_number}
    trail.record(SET, envelope, before={"amount": before}, after=after)
    years.close_envelope_notice(scheme, change.year)


KIND = changes.Kind(
    name="envelope",
    table=ENVELOPES,
    recorded=("year", "before", "amount", "memo_number", "reason"),
    alike=lambda change: {"year": change.year},
    one_waits=_one_waits,
    says=_says,
    apply=_apply,
    action=actions.register("envelope.propose", _l("登錄年度額度，待確認")),
    asks=_l("有一筆年度額度等您確認"),
    decided=_l("您登錄的年度額度%(outcome)s"),
)

"""A year's envelope: proposed by one person with the paper it rests on, confirmed by another.

What was approved stays approved; what comes after counts the new amount.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import RulingStatus
from grants.models import Application, Envelope, EnvelopeChange, Scheme
from grants.permissions import CountyGround, actor_for, holds
from grants.services import notices
from grants.workflow import envelopes
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_first
from miaoli_kaohsiung.lib.money import format_amount

PROPOSE = actions.register("envelope.propose", _l("登錄年度額度，待確認"))
SET = actions.register("envelope.set", _l("登錄年度額度"))


@dataclass(frozen=True)
class EnvelopeDraft:
    """`year` is of the common era, `amount` whole NT dollars, `scan` an upload of the paper."""

    year: int
    amount: int
    memo_number: str
    reason: str
    scan: Any


def propose(user: User, scheme: Scheme, draft: EnvelopeDraft) -> EnvelopeChange:
    """Keep a change until another person confirms it. Raises Refused: another post, one is open for the year."""
    ground = cast("Application", CountyGround(scheme.county))
    require(holds(user, ground, MONEY_KEEPERS))
    with trail.unit_of_work(actor_for(user, ground, MONEY_KEEPERS)) as actor:
        # Two proposals of a year must not meet: the scheme's row is what they share.
        lock(Scheme.objects.all(), pk=scheme.pk)
        waiting = EnvelopeChange.objects.filter(scheme=scheme, year=draft.year, status=RulingStatus.DRAFT)
        if waiting.exists():
            raise Refused(_("%(year)d年度已經有一筆額度等人確認，請先確認或不同意。") % {"year": draft.year - 1911})
        present = Envelope.objects.filter(scheme=scheme, year=draft.year).first()
        change = EnvelopeChange.objects.create(
            scheme=scheme,
            year=draft.year,
            before=present.amount if present else None,
            amount=draft.amount,
            memo_number=draft.memo_number,
            scan=store(draft.scan, actor=actor, purpose=f"envelope:{scheme.slug}"),
            reason=draft.reason,
            proposed_by=user,
            proposed_on=clock.today(),
        )
        trail.record(PROPOSE, change, after=trail.snapshot(change, "year", "before", "amount", "memo_number", "reason"))
        others = notices.others_than(user, *(holders_of(role, county=scheme.county) for role in MONEY_KEEPERS))
        _notify(change, others, "waits", _("有一筆年度額度等您確認"), user.display_name)
        return change


def decide(user: User, change: EnvelopeChange, name: str, note: str = "") -> EnvelopeChange:
    """Confirm or refuse (`name` of the workflow). Confirmed, the amount counts at once. Raises MoveRefused."""
    with trail.unit_of_work(actor_for(user, envelopes.ground_of(change), MONEY_KEEPERS)):
        scheme = lock(Scheme.objects.all(), pk=change.scheme_id)
        row = lock(EnvelopeChange.objects.all(), pk=change.pk)
        row.scheme = scheme
        if row.status != RulingStatus.DRAFT and row.decided_by_id == user.pk:
            return row
        decided = {"decided_by": user, "decided_on": clock.today(), "decision_note": note}
        envelopes.move(row, name, user, decided, note=note)
        if row.status == RulingStatus.CONFIRMED:
            _put(row)
        subject = _("您登錄的年度額度%(outcome)s") % {"outcome": row.get_status_display()}
        _notify(row, [row.proposed_by], name, subject, note)
        return row


def _put(change: EnvelopeChange) -> None:
    envelope = lock_first(Envelope.objects.filter(scheme=change.scheme_id, year=change.year))
    before = envelope.amount if envelope else None
    envelope = envelope or Envelope(scheme_id=change.scheme_id, year=change.year)
    envelope.amount = change.amount
    envelope.save()
    after = {"amount": change.amount, "memo_number": change.memo_number}
    trail.record(SET, envelope, before={"amount": before}, after=after)


def own_open_change(user: User, scheme_id: int, year: int) -> bool:
    """Whether the user's own change of the year waits for somebody else."""
    rows = EnvelopeChange.objects.filter(scheme=scheme_id, year=year, status=RulingStatus.DRAFT, proposed_by=user)
    return rows.exists()


def _notify(change: EnvelopeChange, people: list[User], kind: str, subject: str, body: str) -> None:
    params = {"scheme": change.scheme.short_name, "year": change.year - 1911, "amount": format_amount(change.amount)}
    head = _("%(scheme)s %(year)d年度：%(amount)s 元。") % params
    url = reverse("grants:envelope", args=[change.scheme.slug])
    words = notices.Words(subject, f"{head}\n{body}".strip(), url)
    notices.send(people, f"envelope.{kind}", f"envelope:{change.pk}", words, at_once=False)

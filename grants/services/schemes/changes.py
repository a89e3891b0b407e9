"""Changes of a scheme's money: one person proposes them with a paper, another one confirms or refuses.

A `Kind` holds what differs from kind to kind; `envelopes` and `return_terms` have one each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.urls import reverse
from django.utils.functional import Promise

from grants.enums import RulingStatus
from grants.models import Application, EnvelopeChange, ReturnTermsChange, Scheme
from grants.permissions import CountyGround, actor_for, holds
from grants.services import notices
from grants.workflow import core
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

Change = TypeVar("Change", EnvelopeChange, ReturnTermsChange)


@dataclass(frozen=True)
class Kind(Generic[Change]):
    """A kind of change. `name` is the prefix of its entries and notices and the route of its page. `recorded` are the
    columns that the entry of a proposal shows. Among the rows that are `alike` (a filter by the proposed one), only one
    may wait at a time.
    """

    name: str
    table: core.Table
    recorded: tuple[str, ...]
    alike: Callable[[Change], dict[str, Any]]
    one_waits: Callable[[Change], str]
    # What the change says, in one line; what it does to the locked scheme once confirmed.
    says: Callable[[Change], str]
    apply: Callable[[Scheme, Change], None]
    action: str
    asks: str | Promise
    decided: str | Promise


def propose(
    user: User, kind: Kind[Change], change: Change, complete: Callable[[trail.Actor], None] | None = None
) -> Change:
    """Keep a change until another person confirms it. `complete` fills in what is read or stored under the lock. Raises
    Refused for the wrong post, or if another change is open.
    """
    ground = cast("Application", CountyGround(change.scheme.county))
    require(holds(user, ground, MONEY_KEEPERS))
    with trail.unit_of_work(actor_for(user, ground, MONEY_KEEPERS)) as actor:
        # Locking the scheme's row keeps two proposals from being made at once.
        lock(Scheme.objects.all(), pk=change.scheme_id)
        same = kind.table.model.objects.filter(scheme=change.scheme_id, status=RulingStatus.DRAFT, **kind.alike(change))
        if same.exists():
            raise Refused(kind.one_waits(change))
        if complete is not None:
            complete(actor)
        change.proposed_by, change.proposed_on = user, clock.today()
        change.save()
        trail.record(kind.action, change, after=trail.snapshot(change, *kind.recorded))
        keepers = (holders_of(role, county=change.scheme.county) for role in MONEY_KEEPERS)
        _notify(kind, change, notices.others_than(user, *keepers), "waits", str(kind.asks), user.display_name)
        return change


def decide(user: User, kind: Kind[Change], change: Change, name: str, note: str = "") -> Change:
    """Confirm or refuse the change (`name` of the workflow), or withdraw it as its author. Once confirmed it holds at
    once; pressed twice, the second call changes nothing. Raises MoveRefused.
    """
    with trail.unit_of_work(actor_for(user, kind.table.case_of(change), MONEY_KEEPERS)):
        scheme = lock(Scheme.objects.all(), pk=change.scheme_id)
        row: Change = lock(kind.table.model.objects.all(), pk=change.pk)
        row.scheme = scheme
        if row.status != RulingStatus.DRAFT and row.decided_by_id == user.pk:
            return row
        if name == "withdraw":
            core.move(kind.table, row, name, user)
            return row
        decided = {"decided_by": user, "decided_on": clock.today(), "decision_note": note}
        core.move(kind.table, row, name, user, decided, note=note)
        if row.status == RulingStatus.CONFIRMED:
            kind.apply(scheme, row)
        subject = str(kind.decided) % {"outcome": row.get_status_display()}
        _notify(kind, row, [row.proposed_by], name, subject, note)
        return row


def _notify(kind: Kind[Change], change: Change, people: list[User], about: str, subject: str, body: str) -> None:
    url = reverse(f"grants:{kind.name}", args=[change.scheme.slug])
    words = notices.Words(subject, f"{kind.says(change)}\n{body}".strip(), url)
    (thread,) = kind.table.threads(change)
    notices.send(people, f"{kind.name}.{about}", thread, words, at_once=False)

"""Changes of a county's own data: proposed by one person, confirmed, refused or withdrawn; nothing holds before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.notices.services import close, notify

from .enums import ChangeStatus
from .kinds import Kind, kind_of
from .models import Change
from .permissions import may_check, may_decide, may_propose, may_refuse, post_for, waits_for_check


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to change; see the columns of `Change`."""

    county: str
    subject: str
    title: str
    data: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    starts_on: dt.date | None = None
    memo_number: str = ""
    reason: str = ""
    scan: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


@dataclass(frozen=True)
class Wish:
    """What an officer wants of a row that the county keeps itself: its values, from which day on, and why."""

    values: Mapping[str, Any]
    starts_on: dt.date
    memo_number: str = ""
    reason: str = ""

    def proposal(self, county: str, subject: str, title: str, before: Mapping[str, Any]) -> Proposal:
        data = dict(self.values)
        return Proposal(county, subject, title, data, before, self.starts_on, self.memo_number, self.reason)


def begin(change: Change, _: Actor) -> None:
    """Let a confirmed row that is itself what holds begin on its day, but never before today: `Kind.apply` of such data."""
    change.starts_on = change.first_day
    change.save(update_fields=["starts_on"])


def propose(user: User, kind: Kind, proposal: Proposal) -> Change:
    """Keep a change until another person decides on it, and notify those who may. Raises Refused for the wrong post, if
    nothing changes, or while another change of the same data waits.
    """
    require(may_propose(user, kind, proposal.county))
    if proposal.data == proposal.before:
        raise Refused(_("內容和現在的一樣，沒有要變更的地方。"))
    with trail.unit_of_work(_actor(user, kind.proposers, proposal.county)) as by:
        change = _stored(user, kind, proposal, by)
        _record(change, "propose", {"before": proposal.before, "after": proposal.data})
        _notify_next(change)
    return change


def check(user: User, change: Change) -> Change:
    """Note that somebody of the office has compared the papers; another person confirms. Raises Refused."""
    with trail.unit_of_work(_actor(user, kind_of(change).checkers, change.county)):
        change = lock(Change.objects.all(), pk=change.pk)
        require(may_check(user, change))
        _require_current(change)
        change.checked_by, change.checked_on = user, clock.today()
        change.save(update_fields=["checked_by", "checked_on"])
        close([_key(change)])
        _record(change, "check", {})
        _notify_next(change)
    return change


def confirm(user: User, change: Change) -> Change:
    """Make the change, which holds from then on (or from its first day). Raises Refused; the change then waits on."""
    with trail.unit_of_work(_actor(user, kind_of(change).confirmers, change.county)) as by:
        change = _decided(user, change, ChangeStatus.CONFIRMED)
        _record(change, "confirm", {})
        kind_of(change).apply(change, by)
        _notify_proposer(change, _("「%(what)s」的變更已經確認"))
    return change


def refuse(user: User, change: Change, note: str) -> Change:
    """Refuse the change with the reason, also instead of checking it. Raises Refused."""
    kind = kind_of(change)
    with trail.unit_of_work(_actor(user, (*kind.confirmers, *kind.checkers), change.county)):
        change = _decided(user, change, ChangeStatus.REFUSED, note)
        _record(change, "refuse", {"after": {"note": note}})
        _notify_proposer(change, _("「%(what)s」的變更沒有獲得同意"))
    return change


def withdraw(user: User, change: Change) -> Change:
    """Withdraw a change, as its proposer. Raises Refused once it is decided, or for somebody else's."""
    with trail.unit_of_work(_actor(user, kind_of(change).proposers, change.county)):
        change = lock(Change.objects.all(), pk=change.pk)
        if change.proposed_by_id != user.pk:
            require(deny(_("只有提出的人可以收回。")))
        if change.status != ChangeStatus.WAITING:
            require(deny(_("這件變更已經決定了，不能收回。")))
        _end(change, user, ChangeStatus.WITHDRAWN, "")
        _record(change, "withdraw", {})
    return change


# --- Parts -----------------------------------------------------------------------------------------------------------------


def _stored(user: User, kind: Kind, proposal: Proposal, by: Actor) -> Change:
    scan = store(proposal.scan, actor=by, purpose=f"change:{kind.name}") if proposal.scan else None
    try:
        with transaction.atomic():
            return Change.objects.create(
                kind=kind.name,
                county=proposal.county,
                subject=proposal.subject,
                title=proposal.title,
                data=dict(proposal.data),
                before=dict(proposal.before),
                starts_on=proposal.starts_on,
                memo_number=proposal.memo_number,
                reason=proposal.reason,
                scan=scan,
                proposed_by=user,
                proposed_on=clock.today(),
                needs_check=bool(kind.checkers) and not post_for(user, kind.checkers, proposal.county),
            )
    except IntegrityError as waiting:
        raise Refused(_("這項資料已經有一件變更等人確認，請先確認、不同意或收回那一件。")) from waiting


def _decided(user: User, change: Change, status: ChangeStatus, note: str = "") -> Change:
    """Return the row, locked, read again and decided."""
    change = lock(Change.objects.all(), pk=change.pk)
    require(may_refuse(user, change) if status == ChangeStatus.REFUSED else may_decide(user, change))
    if status == ChangeStatus.CONFIRMED:
        _require_current(change)
    _end(change, user, status, note)
    return change


def _require_current(change: Change) -> None:
    current = kind_of(change).current
    if current and dict(current(change)) != change.before:
        raise Refused(_("提出以後，原來的資料已經又改過了。請不同意這一件，請提出的人照新的資料再提一次。"))


def _end(change: Change, user: User, status: ChangeStatus, note: str) -> None:
    change.status, change.decided_by, change.decided_on, change.note = status, user, clock.today(), note
    change.save(update_fields=["status", "decided_by", "decided_on", "note"])
    close([_key(change)])


def _record(change: Change, what: str, sides: Mapping[str, Mapping[str, Any]]) -> None:
    trail.record(kind_of(change).action(what), change, before=sides.get("before"), after=sides.get("after"))


def _actor(user: User, roles: tuple[Role, ...], county: str) -> Actor:
    post = post_for(user, roles, county)
    return Actor(user, post.label if post else "")


def _notify_next(change: Change) -> None:
    """Notify whoever may check the change now, else whoever may confirm it."""
    kind = kind_of(change)
    roles, may = (kind.checkers, may_check) if waits_for_check(change) else (kind.confirmers, may_decide)
    scope = {"county__in": ["", change.county]} if change.county else {}
    subject = _("有一件「%(what)s」的變更等您確認") % {"what": kind.label}
    words = f"{change.title}\n{_('提出人：%(who)s') % {'who': change.proposed_by}}"
    for person in dict.fromkeys(person for role in roles for person in holders_of(role, **scope)):
        if may(person, change):
            _notify(person, change, "checked" if change.checked_by else "waits", subject, words)


def _notify_proposer(change: Change, subject: str) -> None:
    words = "\n".join(part for part in (change.title, change.note) if part)
    _notify(change.proposed_by, change, "decided", subject % {"what": kind_of(change).label}, words)


def _notify(person: User, change: Change, about: str, subject: str, words: str) -> None:
    url = reverse("changes:show", args=[change.pk])
    notify(person, f"data_change.{about}", _key(change), clock.today(), subject, words, url, at_once=False)


def _key(change: Change) -> str:
    return f"data_change:{change.pk}"

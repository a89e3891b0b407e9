"""Changes of somebody's identity: one person proposes them, the person concerned is notified, another person confirms.

An administrator who could alone set an approver's address, factor or post would be the approver. So the change waits as
a row until another administrator or the county's approver confirms it; only then a service of `services` makes it. A
change of one's own address waits for whoever reads the mail at the new one.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close, notify

from . import actions, services
from .addresses import AddressError
from .audiences import CHANGE_CONFIRMERS
from .counties import name_of
from .enums import ChangeKind, Role
from .models import IdentityChange, Post, User
from .permissions import may_decide_change, may_stand_for
from .queries import counties_of, holders_of
from .sign_ins import tell_owner

DAYS_TO_DECIDE = 14
DAYS_TO_READ = 3


class ChangeError(access.Refused):
    """A change that cannot be proposed or made."""


def propose_address(by: Actor, user: User, email: str) -> IdentityChange:
    """Propose another e-mail address for somebody else. Raises ChangeError while one waits."""
    summary = _address_words(user, email)
    return _propose(ChangeKind.ADDRESS, by, user, _county_of(user), {"email": email.lower()}, summary)


def propose_second_factor(by: Actor, user: User) -> IdentityChange:
    """Propose to clear the second factor of somebody who lost it. Raises ChangeError while that waits."""
    summary = _("%(who)s：清除兩步驟驗證") % {"who": user}
    return _propose(ChangeKind.SECOND_FACTOR, by, user, _county_of(user), {}, summary)


def propose_post(by: Actor, user: User, **fields: Any) -> IdentityChange:
    """Propose to give a deciding post; `fields` as services.record_post takes them."""
    return _propose(ChangeKind.POST, by, user, fields["county"], _plain(fields), _post_words(str(user), fields))


def propose_deputy(by: Actor, post: Post, user: User, first: dt.date, last: dt.date) -> IdentityChange:
    """Propose that `user` stands for the holder of a post that they do not hold themselves. Raises ChangeError while
    another proposal waits for the same person.
    """
    words = {"who": user, "post": post.label, "holder": post.user, "first": format_roc(first), "last": format_roc(last)}
    summary = _("%(who)s：%(first)s 至 %(last)s 代理%(holder)s的%(post)s") % words
    data = _plain({"post": post.pk, "first": first, "last": last})
    return _propose(ChangeKind.DEPUTY, by, user, post.county, data, summary)


def propose_invitation(by: Actor, **fields: Any) -> IdentityChange:
    """Propose to invite somebody to a deciding post; `fields` as services.invite takes them."""
    who = f"{fields['display_name']}（{fields['email']}）"
    return _propose(ChangeKind.INVITATION, by, None, fields["county"], _plain(fields), _post_words(who, fields))


def confirm(user: User, change: IdentityChange) -> IdentityChange:
    """Make the proposed change. Raises access.Refused, and ChangeError if it cannot be made any more; it then goes on
    waiting.
    """
    with trail.unit_of_work(_actor(user)) as by:
        change = _decided(change, user, confirmed=True)
        old = change.user.email if change.user else ""
        trail.record(actions.CONFIRM_CHANGE, change, after=_shown(change))
        try:
            with transaction.atomic():
                _do(change, by)
        except (services.PostError, services.InvitationError, AddressError) as refused:
            raise ChangeError(refused.reason) from refused
        words = _("已經變更：%(what)s") % {"what": change.summary}
        _notify_of_end(change, f"{words}\n\n{what_follows(change)}", old)
    return change


def what_follows(change: IdentityChange) -> str:
    """Return what a confirmed change means for the person, and what they have to do."""
    params = {"email": change.data.get("email", ""), "days": services.INVITATION_DAYS}
    words = {
        ChangeKind.ADDRESS: _("從現在起用 %(email)s 登入和收通知，舊信箱不再收到；登入密碼沒有改。")
        if params["email"]
        else _("從現在起沒有登記信箱，用登入帳號登入，通知在網站上看；登入密碼沒有改。"),
        ChangeKind.OWN_ADDRESS: _("從現在起用 %(email)s 登入和收通知，舊信箱不再收到；登入密碼沒有改。"),
        ChangeKind.SECOND_FACTOR: _("所有裝置都已登出；下次登入時，要重新設定兩步驟驗證。"),
        ChangeKind.POST: _("從職務開始那一天起，登入後「我的工作」就會有這個職務的事項。"),
        ChangeKind.DEPUTY: _("代理的那幾天，登入後「我的工作」會有這個職務的事項，辦的事都記明代理。"),
        ChangeKind.INVITATION: _("邀請信已經寄出，%(days)d 天內按信裡的連結開帳號。"),
    }
    return words[ChangeKind(change.kind)] % params


def refuse(user: User, change: IdentityChange) -> IdentityChange:
    """Refuse the change. Raises access.Refused."""
    with trail.unit_of_work(_actor(user)):
        change = _decided(change, user, confirmed=False)
        trail.record(actions.REFUSE_CHANGE, change, after=_shown(change))
        _notify_of_end(change, _("沒有變更：%(what)s") % {"what": change.summary}, "")
    return change


def withdraw(user: User, change: IdentityChange) -> None:
    """Withdraw the change, as its proposer; a change decided meanwhile stays as it is."""
    with trail.unit_of_work(_actor(user)):
        change = IdentityChange.objects.select_for_update().get(pk=change.pk)
        if change.decided_at is None:
            _close(change, user)
            trail.record(actions.WITHDRAW_CHANGE, change, after=_shown(change))


# --- One's own address ---------------------------------------------------------------------------------------------------


def ask_own_address(user: User, email: str) -> IdentityChange:
    """Mail a link to the new address and a notice to the old one; nothing changes before the link is used.

    Replaces an earlier request that waits. Raises ChangeError when the mail cannot be handed over.
    """
    token = secrets.token_urlsafe(32)
    with trail.unit_of_work(_actor(user)) as by:
        for waiting in IdentityChange.objects.select_for_update().filter(
            user=user, kind=ChangeKind.OWN_ADDRESS, decided_at=None
        ):
            _close(waiting, user)
        summary = _address_words(user, email)
        change = _store(ChangeKind.OWN_ADDRESS, by, user, "", {"email": email.lower()}, summary, token=token)
        tell_owner(user, "address-asked", _("有人要把您帳號的電子信箱換掉"), summary, user.email)
        _send_link(change, token)
    return change


def open_own_address(token: str, *, lock: bool = False) -> IdentityChange:
    """Return the change of a link that may still be used. Raises ChangeError with what the person can do."""
    rows = IdentityChange.objects.select_for_update(of=("self",)) if lock else IdentityChange.objects.all()
    found = rows.select_related("user").filter(kind=ChangeKind.OWN_ADDRESS, token_sha256=_fingerprint(token)).first()
    if found is None or found.decided_at is not None or found.expires_on < clock.today():
        raise ChangeError(_("這個連結不正確、用過了或已經過期。要變更信箱，請登入後在「我的帳號」再填一次。"))
    return found


def confirm_own_address(token: str) -> IdentityChange:
    """Make the new address the account's: whoever has the link reads mail there. Raises ChangeError."""
    try:
        with trail.unit_of_work(Actor.system(_("電子信箱確認"))) as by:
            change = open_own_address(token, lock=True)
            user = change.user
            assert user is not None, "an own address is somebody's"
            old, email = user.email, change.data["email"]
            _close(change, user, confirmed=True)
            trail.record(actions.CONFIRM_CHANGE, change, after=_shown(change))
            services.update_account(by, user, display_name=user.display_name, email=email)
            words = f"{change.summary}\n\n{what_follows(change)}"
            tell_owner(user, "address-changed", _("您帳號的電子信箱已經換了"), words, old)
    except AddressError as taken:
        raise ChangeError(taken.reason) from taken
    return change


# --- Parts -----------------------------------------------------------------------------------------------------------------


def _propose(
    kind: ChangeKind, by: Actor, user: User | None, county: str, data: dict[str, Any], summary: str
) -> IdentityChange:
    with trail.unit_of_work(by):
        over = IdentityChange.objects.filter(kind=kind, user=user, decided_at=None, expires_on__lt=clock.today())
        over.update(decided_at=clock.now(), decided_by=by.user)
        try:
            with transaction.atomic():
                change = _store(kind, by, user, county, data, summary)
        except IntegrityError as waiting:
            raise ChangeError(_("這個人已經有一件相同的變更等候確認。")) from waiting
        trail.record(actions.PROPOSE_CHANGE, change, after=_shown(change))
        for person in _deciders(change):
            subject = _("有一件人員變更等您確認")
            words = f"{change.summary}\n\n{_('提出人：%(who)s') % {'who': by.label}}"
            notify(person, "change.wait", _key(change), clock.today(), subject, words, reverse("changes"))
        if user:
            tell_owner(user, "change-proposed", _("有人提出變更您的帳號"), change.summary, user.email)
    return change


def _store(
    kind: ChangeKind, by: Actor, user: User | None, county: str, data: dict[str, Any], summary: str, token: str = ""
) -> IdentityChange:
    days = DAYS_TO_READ if token else DAYS_TO_DECIDE
    return IdentityChange.objects.create(
        kind=kind,
        user=user,
        county=county,
        data=data,
        summary=summary[:300],
        proposed_by=by.user,
        proposed_at=clock.now(),
        expires_on=clock.today() + dt.timedelta(days=days),
        token_sha256=_fingerprint(token) if token else "",
    )


def _decided(change: IdentityChange, user: User, *, confirmed: bool) -> IdentityChange:
    """Return the row, locked, read again and closed by `user`. Raises access.Refused."""
    rows = IdentityChange.objects.select_for_update(of=("self",)).select_related("user", "proposed_by")
    change = rows.get(pk=change.pk)
    access.require(may_decide_change(user, change))
    _close(change, user, confirmed=confirmed)
    return change


def _close(change: IdentityChange, user: User, *, confirmed: bool = False) -> None:
    change.decided_by, change.decided_at, change.confirmed = user, clock.now(), confirmed
    change.save(update_fields=["decided_by", "decided_at", "confirmed"])
    close([_key(change)])


def _do(change: IdentityChange, by: Actor) -> None:
    user, data = change.user, dict(change.data)
    if change.kind == ChangeKind.INVITATION:
        services.invite(by, invited_by=change.proposed_by, **_dates(data))
        return
    assert user is not None, "only an invitation is for somebody without an account"
    if change.kind == ChangeKind.ADDRESS:
        services.update_account(by, user, display_name=user.display_name, email=data["email"])
    elif change.kind == ChangeKind.SECOND_FACTOR:
        services.reset_second_factor(by, user)
    elif change.kind == ChangeKind.DEPUTY:
        days = (dt.date.fromisoformat(data[name]) for name in ("first", "last"))
        post = Post.objects.select_for_update().get(pk=data["post"])
        if not (answer := may_stand_for(user, post)):
            raise ChangeError(answer.reason)
        services.record_deputy(post, user, *days)
    else:
        User.objects.select_for_update().get(pk=user.pk)
        services.record_post(user, **_dates(data))


def _notify_of_end(change: IdentityChange, words: str, address: str) -> None:
    """Notify the proposer, and mail the person at the address they had until now. The first line is the subject."""
    subject = words.split("\n")[0]
    notify(change.proposed_by, "change.done", _key(change), clock.today(), subject, words, reverse("changes"))
    if change.user:
        tell_owner(change.user, "change-done", _("您帳號的變更已經決定"), words, address)


def _deciders(change: IdentityChange) -> list[User]:
    scope = {"county": change.county} if change.county else {}
    found = [*holders_of(Role.ADMINISTRATOR, county__in=["", change.county]), *holders_of(Role.APPROVER, **scope)]
    return [person for person in dict.fromkeys(found) if may_decide_change(person, change)]


def _county_of(user: User) -> str:
    """Return the county whose approver knows the person; "" if the person serves both or neither."""
    counties = counties_of(user)
    return counties.pop() if len(counties) == 1 else ""


def _actor(user: User) -> Actor:
    """Return the user in the post that decides, or in any post if they have none that does."""
    deciding = services.actor(user, CHANGE_CONFIRMERS)
    return deciding if deciding.post_label else services.actor(user)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as the row keeps them: days in ISO 8601."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in fields.items()}


def _dates(data: Mapping[str, Any]) -> dict[str, Any]:
    days = ("valid_from", "valid_to")
    return {name: dt.date.fromisoformat(value) if name in days and value else value for name, value in data.items()}


def _post_words(who: str, fields: Mapping[str, Any]) -> str:
    county = name_of(fields["county"], clock.today()) if fields["county"] else _("各縣")
    place = fields.get("place_name") or county
    return _("%(who)s：%(place)s %(post)s") % {"who": who, "place": place, "post": Role(fields["role"]).label}


def _shown(change: IdentityChange) -> dict[str, Any]:
    return {"kind": change.kind, "what": change.summary, "proposed_by": str(change.proposed_by)}


def _address_words(user: User, email: str) -> str:
    none = _("（沒有信箱）")
    params = {"who": user, "old": user.email or none, "new": email or none}
    return _("%(who)s：電子信箱由 %(old)s 改為 %(new)s") % params


def _key(change: IdentityChange) -> str:
    return f"change:{change.pk}"


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _send_link(change: IdentityChange, token: str) -> None:
    address = settings.PORTAL_URL + reverse("own-address", args=[token])
    text = render_to_string("accounts/emails/own_address.txt", {"change": change, "address": address})
    try:
        send_mail(_("社區補助網：請確認新的電子信箱"), text, None, [change.data["email"]])
    except (SMTPException, OSError) as failed:
        raise ChangeError(_("確認信現在寄不出去，請檢查信箱或稍後再試。")) from failed

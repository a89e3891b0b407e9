"""Writes on people: invitations, accounts, posts. Each leaves an entry in the trail."""

import datetime as dt
import hashlib
import secrets
from smtplib import SMTPException
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import EmailState
from miaoli_kaohsiung.notices.services import retry_failed

from . import actions, addresses, locks
from .audiences import EVERY_ROLE, STAFF_ROLES, Who, each
from .enums import Office, Role
from .models import Invitation, Post, User
from .queries import posts_apart, posts_of
from .sign_ins import tell_owner

INVITATION_DAYS = 14


class InvitationError(Refused):
    """An invitation that cannot be sent or accepted."""


class PostError(Refused):
    """A post that cannot be given."""


def actor(user: User, who: Who = EVERY_ROLE, **scope: Any) -> Actor:
    """Return the user in the post for the trail: the first among `who` whose fields equal `scope`."""
    wanted = each(who)
    for post in posts_of(user):
        if post.role in wanted and all(getattr(post, name) == value for name, value in scope.items()):
            return Actor(user, post.label)
    return Actor(user)


# --- Invitations -------------------------------------------------------------------------------------------------------


def invite(
    by: Actor,
    *,
    email: str,
    display_name: str,
    role: str,
    invited_by: User | None = None,
    begins_on: dt.date | None = None,
    **scope: Any,
) -> Invitation:
    """Send a link for making an account with one post; `scope` holds the other fields of Invitation. The mail names
    `invited_by` if another person than the actor proposed it; `begins_on` is the first day of the office.

    Raises InvitationError when the mail cannot be handed over; then nothing is kept.
    """
    token = secrets.token_urlsafe(32)
    with trail.unit_of_work(by):
        invitation = Invitation.objects.create(
            email=email.lower(),
            display_name=display_name,
            role=role,
            token_sha256=_fingerprint(token),
            invited_by=invited_by or by.user,
            created_at=clock.now(),
            expires_on=clock.today() + dt.timedelta(days=INVITATION_DAYS),
            **scope,
        )
        after = trail.snapshot(
            invitation, "email", "display_name", "role", "county", "place_name", "office", "expires_on"
        )
        trail.record(actions.INVITE, invitation, after=after)
        _send_invitation(invitation, token, begins_on)
    return invitation


def withdraw_invitation(by: Actor, invitation: Invitation) -> None:
    """Invalidate the link; an accepted or expired invitation stays as it is."""
    with trail.unit_of_work(by):
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.used_at is None and invitation.expires_on >= clock.today():
            invitation.expires_on = clock.today() - dt.timedelta(days=1)
            invitation.save(update_fields=["expires_on"])
            trail.record(actions.WITHDRAW_INVITATION, invitation)


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a link that may still be used. Raises InvitationError with what the person can do."""
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    invitation = rows.filter(token_sha256=_fingerprint(token)).first()
    if invitation is None:
        raise InvitationError(_("這個邀請連結不正確，請確認是否完整複製，或請承辦人再寄一次。"))
    if invitation.used_at is not None:
        raise InvitationError(_("這個邀請連結已經用過了，請直接登入；忘記密碼可以在登入頁重設。"))
    over = invitation.office_term_id is None and invitation.valid_to is not None and invitation.valid_to < clock.today()
    if invitation.expires_on < clock.today() or over:
        raise InvitationError(_("這個邀請連結已經過期，請承辦人再寄一次。"))
    return invitation


def accept_invitation(token: str, *, username: str, password: str) -> tuple[User, Invitation]:
    """Make the account and its post; the link is used up. Raises InvitationError as `open_invitation` does, also if the
    address was taken meanwhile.
    """
    with trail.unit_of_work(Actor.system(_("帳號邀請"))):
        invitation = open_invitation(token, lock=True)
        try:
            addresses.require_address(invitation.email, authority=invitation.role in STAFF_ROLES)
        except addresses.AddressError as taken:
            raise InvitationError(taken.reason) from taken
        user = User.objects.create_user(
            username=username, email=invitation.email, password=password, display_name=invitation.display_name
        )
        trail.record(actions.CREATE, user, after=trail.snapshot(user, "username", "email", "display_name"))
        if invitation.office_term_id is None:
            names = ("role", "county", "township_code", "organisation_id", "office", "place_name", "valid_to")
            record_post(user, valid_from=clock.today(), **{name: getattr(invitation, name) for name in names})
        invitation.used_at, invitation.user = clock.now(), user
        invitation.save(update_fields=["used_at", "user"])
    return user, invitation


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _send_invitation(invitation: Invitation, token: str, begins_on: dt.date | None) -> None:
    address = settings.PORTAL_URL + reverse("communities:invitation-accept", args=[token])
    context = {
        "invitation": invitation,
        "address": address,
        "place": invitation.place_name or invitation.get_county_display(),
        "title": invitation.office_word or invitation.get_role_display(),
        "begins_on": begins_on,
    }
    text = render_to_string("accounts/emails/invitation.txt", context)
    try:
        send_mail(_("社區補助網帳號邀請"), text, None, [invitation.email])
    except (SMTPException, OSError) as failed:
        raise InvitationError(_("邀請信現在寄不出去，請確認信箱或稍後再試。")) from failed


# --- Accounts ------------------------------------------------------------------------------------------------------------


def create_administrator(username: str, *, email: str, display_name: str, password: str) -> User:
    """Make an administrator of both counties, for a portal where nobody can invite yet. For the command line alone.

    Raises ValidationError for a name that is taken or malformed and for a weak password, PostError for an address that is
    taken.
    """
    user = User(username=username, email=email.lower(), display_name=display_name)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    with trail.unit_of_work(Actor.system("create_administrator")):
        user.save()
        trail.record(actions.CREATE, user, after=trail.snapshot(user, "username", "email", "display_name"))
        record_post(user, role=Role.ADMINISTRATOR, valid_from=clock.today())
    return user


def retry_mails() -> int:
    """Send failed mails again, after the mail server was repaired; return how many. For the command line alone.

    Each mail leaves an entry in the trail.
    """
    with trail.unit_of_work(Actor.system("retry_mails")):
        again = retry_failed()
        for notice in again:
            before, after = {"email_state": EmailState.FAILED}, {"email_state": EmailState.PENDING}
            trail.record(actions.RETRY_MAIL, notice, before=before, after=after)
    return len(again)


def update_account(by: Actor, user: User, *, display_name: str, email: str, phone: str | None = None) -> None:
    """Change name, e-mail address and telephone (None: as it is), from a person's own page or the administrator's; equal
    values are no change. Raises AddressError for an address that the account may not have.
    """
    names = ("display_name", "email", "phone")
    with trail.unit_of_work(by):
        user = User.objects.select_for_update().get(pk=user.pk)
        before = trail.snapshot(user, *names)
        if email.lower() != user.email:
            addresses.require_address(email, user)
        user.display_name, user.email = display_name, email.lower()
        user.phone = user.phone if phone is None else phone
        old, new = trail.changes(before, trail.snapshot(user, *names))
        if new:
            user.save(update_fields=names)
            trail.record(actions.UPDATE, user, before=old, after=new)


def set_active(by: Actor, user: User, *, active: bool) -> None:
    """Close an account, whose sessions end for good, or open it again."""
    with trail.unit_of_work(by):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active != active:
            user.is_active = active
            user.save(update_fields=["is_active"])
            if not active:
                _end_sessions(user)
            trail.record(actions.ACTIVATE if active else actions.DEACTIVATE, user)
            tell_owner(user, "active", _("您的帳號已經恢復使用") if active else _("您的帳號已經停用"))


def reset_second_factor(by: Actor, user: User) -> None:
    """Remove all second factors of somebody who lost the telephone; staff must set one up again."""
    with trail.unit_of_work(by):
        user = User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user).delete()
        _end_sessions(user)
        trail.record(actions.RESET_FACTOR, user)


def clear_lock(by: Actor, user: User) -> None:
    """Let somebody whose account is locked try again at once."""
    with trail.unit_of_work(by):
        locks.clear(user)
        trail.record(actions.CLEAR_LOCK, user)


def _end_sessions(user: User) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])


def act_as(user: User, post: Post | None) -> None:
    """Let the person work in one of several posts, or in all. Raises PostError for a post that they do not hold."""
    held = posts_of(user)
    if post is not None and post not in held:
        raise PostError(_("您現在沒有這個職務。"))
    with trail.unit_of_work(Actor(user, post.label if post else "")):
        before = next((other.label for other in held if other.pk == user.acting_post_id), "")
        user.acting_post = post
        user.save(update_fields=["acting_post"])
        trail.record(actions.ACT_AS, user, before={"post": before}, after={"post": post.label if post else ""})


# --- Posts -----------------------------------------------------------------------------------------------------------------


def record_post(user: User, *, role: str, valid_from: dt.date, valid_to: dt.date | None = None, **scope: Any) -> Post:
    """Give a post; `scope`: county, township_code, organisation_id, office, place_name. Call it in a unit of work.

    Raises PostError if the person holds the same post on some of these days, or one that nobody may hold together with
    it.
    """
    place_name = scope.pop("place_name", "")
    same = Post.objects.filter(user=user, role=role, stands_for=None, **scope)
    overlapping = same.exclude(valid_to__lt=valid_from)
    if valid_to:
        overlapping = overlapping.filter(Q(valid_from__lte=valid_to))
    if overlapping.exists():
        raise PostError(_("這個人在這段期間已經有相同的職務。"))
    if posts_apart(user, role, valid_from, valid_to):
        raise PostError(_("系統管理員不能同時擔任縣府承辦、主管、主計出納或稽核。"))
    if role in STAFF_ROLES:
        _require_own_address(user)
    post = Post.objects.create(
        user=user, role=role, place_name=place_name, valid_from=valid_from, valid_to=valid_to, **scope
    )
    trail.record(actions.GIVE_POST, post, after=_shown(post))
    _forget_posts(user)
    return post


def _require_own_address(user: User) -> None:
    """Raise PostError unless the mails of this account reach nobody else: whoever reads them can set its password."""
    try:
        addresses.require_address(user.email, user, authority=True)
    except addresses.AddressError as refused:
        raise PostError(_("公務職務要有自己的電子信箱，不能和別人共用。請先在「我的帳號」換信箱。")) from refused


def open_counter(user: User, *, county: str, organisation_id: int, place_name: str, counter_for: str) -> Post:
    """Give a clerk a member's post for the rest of the day, to help the person `counter_for`. Call it in a unit of work."""
    today = clock.today()
    post = Post.objects.create(
        user=user,
        role=Role.MEMBER,
        county=county,
        organisation_id=organisation_id,
        office=Office.STAFF,
        place_name=place_name,
        counter_for=counter_for,
        valid_from=today,
        valid_to=today,
    )
    trail.record(actions.GIVE_POST, post, after=_shown(post))
    _forget_posts(user)
    return post


def close_counter(post: Post) -> None:
    """End a post at the counter at once. Call it in a unit of work."""
    post.closed = True
    post.save(update_fields=["closed"])
    trail.record(actions.CHANGE_POST, post, before={"closed": False}, after={"closed": True})
    _forget_posts(post.user)


def change_post_days(post: Post, valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Move the first or last day of a post. Call it in a unit of work."""
    old, new = (
        {"valid_from": post.valid_from, "valid_to": post.valid_to},
        {"valid_from": valid_from, "valid_to": valid_to},
    )
    if old == new:
        return
    post.valid_from, post.valid_to = valid_from, valid_to
    post.save(update_fields=["valid_from", "valid_to"])
    trail.record(actions.CHANGE_POST, post, before=old, after=new)
    _forget_posts(post.user)


def end_post(post: Post, last_day: dt.date) -> None:
    """Make `last_day` the last day of the post; a post that has ended by then stays as it is. Call it in a unit of work."""
    if post.valid_to is not None and post.valid_to <= last_day:
        return
    before = {"valid_to": post.valid_to}
    # A future post that is taken back counts for its first day only.
    post.valid_to = max(last_day, post.valid_from)
    post.save(update_fields=["valid_to"])
    trail.record(actions.END_POST, post, before=before, after={"valid_to": post.valid_to})
    _forget_posts(post.user)
    for deputy in post.deputies.select_related("user").filter(valid_to__gt=post.valid_to):
        end_deputy(deputy, post.valid_to)


def record_deputy(post: Post, colleague: User, first: dt.date, last: dt.date) -> Post:
    """Let a colleague stand for the holder of the post, both days included. Call it in a unit of work.

    Raises PostError when the days are not the post's, when either of them has a deputy or is one already, or when the
    two posts may not be one person's.
    """
    if post.user_id == colleague.pk:
        raise PostError(_("不能請自己代理。"))
    if first < post.valid_from or (post.valid_to and last > post.valid_to):
        raise PostError(_("代理的日期要在這個職務的起迄以內。"))
    days = {"valid_from__lte": last, "valid_to__gte": first}
    if post.deputies.filter(**days).exists():
        raise PostError(_("這段期間已經安排了代理人；要換人，請先結束原來的代理。"))
    if Post.objects.filter(stands_for__user=colleague, stands_for__county=post.county, **days).exists():
        raise PostError(_("這位同仁這段期間自己也請人代理，請選別人。"))
    if Post.objects.filter(user=post.user_id, stands_for__isnull=False, **days).exists():
        raise PostError(_("請人代理的同仁這段期間正代理別人，請先改請別人代理那個職務。"))
    if posts_apart(colleague, post.role, first, last):
        raise PostError(_("系統管理員不能同時擔任縣府承辦、主管、主計出納或稽核。"))
    names = ("role", "county", "township_code", "place_name")
    scope = {name: getattr(post, name) for name in names}
    deputy = Post.objects.create(user=colleague, stands_for=post, valid_from=first, valid_to=last, **scope)
    trail.record(actions.GIVE_DEPUTY, deputy, after=_shown(deputy))
    _forget_posts(colleague)
    return deputy


def end_deputy(deputy: Post, last_day: dt.date) -> None:
    """Make `last_day` the last day of a deputy, who never begins if the first day is later. Call it in a unit of work."""
    before = {"valid_to": deputy.valid_to}
    if deputy.valid_from > last_day:
        trail.record(actions.END_DEPUTY, deputy, before=before)
        deputy.delete()
    else:
        deputy.valid_to = last_day
        deputy.save(update_fields=["valid_to"])
        trail.record(actions.END_DEPUTY, deputy, before=before, after={"valid_to": last_day})
    _forget_posts(deputy.user)


def _shown(post: Post) -> dict[str, Any]:
    return {"user": str(post.user), "post": post.label} | trail.snapshot(
        post, "role", "county", "valid_from", "valid_to"
    )


def _forget_posts(user: User) -> None:
    for kept in ("_posts", "_lapsed_posts"):
        if hasattr(user, kept):
            delattr(user, kept)

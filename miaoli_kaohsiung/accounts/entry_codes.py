"""Printed codes: how somebody without e-mail gets into the account, and back into it after losing the password.

The code in clear exists only in the answer of `issue`, from which the letter is printed. Nobody gets one for themselves,
and no account that acts for an authority has one: those have a mailbox of their own.
"""

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.notices.services import notify

from . import actions, locks, sign_ins
from .addresses import acts_for_authority
from .enums import EntryPurpose
from .models import EntryCode, User

DAYS_VALID = 28
DIGITS = 12


class EntryError(Refused):
    """A code that cannot be issued or used."""


@dataclass(frozen=True)
class Printed:
    """What stands on a letter: the row with the account, the code and the token in clear."""

    row: EntryCode
    code: str
    token: str

    @property
    def grouped(self) -> str:
        """The code as people read it: 1234-5678-9012."""
        return "-".join(self.code[start : start + 4] for start in range(0, DIGITS, 4))


def open_account(display_name: str, phone: str = "") -> User:
    """Make an account without address or password, whose sign-in name is the person's own. Call it in a unit of work."""
    user = User(username=_free_name(display_name), display_name=display_name, phone=phone)
    user.set_unusable_password()
    user.save()
    trail.record(actions.CREATE, user, after=trail.snapshot(user, "username", "display_name"))
    return user


def issue(by: Actor, user: User, purpose: EntryPurpose, *, change_id: int | None = None) -> Printed:
    """Make a code for an account of an association; an earlier one is void. Raises EntryError."""
    with trail.unit_of_work(by):
        user = lock(User.objects.all(), pk=user.pk)
        _require_allowed(by, user, purpose)
        EntryCode.objects.filter(user=user, used_at=None, voided_at=None).update(voided_at=clock.now())
        code, token = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", secrets.token_urlsafe(32)
        row = EntryCode.objects.create(
            user=user,
            purpose=purpose,
            token_sha256=_fingerprint(token),
            code_hash=make_password(code),
            change_id=change_id,
            issued_by=by.user,
            issued_at=clock.now(),
            expires_on=clock.today() + dt.timedelta(days=DAYS_VALID),
        )
        trail.record(actions.ISSUE_CODE, row, after={"user": str(user), "purpose": purpose, "until": row.expires_on})
    return Printed(row, code, token)


def may_start(user: User) -> bool:
    """Return whether the account has never had a password: one person may then print its letter again."""
    return user.is_active and not user.has_usable_password()


def find(login: str, typed: str) -> EntryCode | None:
    """Return the open code of the account with this name, if what was typed is that code.

    Exactly one hash is computed whatever was typed, so that the time reveals no account.
    """
    digits = re.sub(r"[^0-9]", "", half_width(typed))
    user = locks.account_of(login.strip())
    row = _open().filter(user=user).first() if user else None
    if row is None:
        make_password(digits)
    elif check_password(digits, row.code_hash):
        return row
    sign_ins.note_failure(user, "codes")
    return None


def find_by_token(token: str) -> EntryCode | None:
    """Return the open code of a QR."""
    return _open().filter(token_sha256=_fingerprint(token)).first()


def find_by_key(pk: int) -> EntryCode | None:
    """Return the open code with this key, for somebody who proved a moment ago to know it."""
    return _open().filter(pk=pk).first()


def use(row: EntryCode, password: str) -> User:
    """Set the password; the code is used up and every session of the account ends. Raises EntryError if it was used
    meanwhile.
    """
    with trail.unit_of_work(Actor(row.user)):
        user = lock(User.objects.all(), pk=row.user_id)
        if not _open().filter(pk=row.pk).exists():
            raise EntryError(_("這組開通碼剛才已經用過，或已經過期了。"))
        user.set_password(password)
        user.session_epoch += 1
        user.save(update_fields=["password", "session_epoch"])
        if row.purpose == EntryPurpose.RECOVERY:
            Authenticator.objects.filter(user=user).delete()
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
        trail.record(actions.USE_CODE, row, after={"user": str(user), "purpose": row.purpose})
        locks.clear(user)
        _notify_both(row, user)
    return user


def _notify_both(row: EntryCode, user: User) -> None:
    sign_ins.tell_owner(user, "password", _("您的密碼剛剛用開通碼設定好了"))
    subject = _("%(who)s已經用開通碼設好密碼") % {"who": user}
    notify(
        row.issued_by,
        "entry_code.used",
        f"entry_code:{row.pk}",
        clock.today(),
        subject,
        "",
        reverse("notices"),
        at_once=False,
    )


def _open() -> QuerySet[EntryCode]:
    rows = EntryCode.objects.filter(used_at=None, voided_at=None, expires_on__gte=clock.today(), user__is_active=True)
    return rows.select_related("user", "issued_by")


def _require_allowed(by: Actor, user: User, purpose: EntryPurpose) -> None:
    if by.user is None or by.user.pk == user.pk:
        raise EntryError(_("不能給自己開通碼，請另一位同仁辦理。"))
    if not user.is_active:
        raise EntryError(_("這個帳號已經停用，請先請系統管理員恢復。"))
    if acts_for_authority(user):
        raise EntryError(_("這個人有公務職務，要用電子信箱重設密碼，不能用開通信。"))
    if purpose == EntryPurpose.FIRST and not may_start(user):
        raise EntryError(_("這個帳號已經設過密碼。忘記密碼時，請辦理「重設密碼」，由兩位同仁確認。"))


def _free_name(display_name: str) -> str:
    """Return a sign-in name that is easy to remember and still free: 王大明, else 王大明2."""
    name = re.sub(r"[^\w.+-]", "", display_name)[:50] or "user"
    taken = {
        known.lower() for known in User.objects.filter(username__istartswith=name).values_list("username", flat=True)
    }
    number = next(n for n in range(1, len(taken) + 2) if (name if n == 1 else f"{name}{n}").lower() not in taken)
    return name if number == 1 else f"{name}{number}"


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

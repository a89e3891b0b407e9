"""Sign-in in the trail: who signed in and out, whose password or second factor changed, and what failed.

A success is an entry of its own. Failures are first counted by minute and account, and a job writes one entry for each
count: a thousand wrong passwords lengthen the trail by one entry a minute. A typed name that belongs to nobody is kept
nowhere.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.db.models import F
from django.dispatch import receiver
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.services import notify

from . import actions, locks
from .models import SignInFailures, User
from .queries import posts_of
from .templatetags.browsers import browser

# How many counts one run of the job turns into entries; the next run does the rest.
MOST = 500
# So many wrong codes in one minute: somebody has the password and guesses the second factor.
CODES = 3


def record_own(action: str, user: Any, after: Mapping[str, Any] | None = None) -> None:
    """Write an entry about the account itself, by the person, in a transaction of its own."""
    post = next(iter(posts_of(user)), None)
    with trail.unit_of_work(Actor(user, post.label if post else "")):
        trail.record(action, user, after=after)


def note_failure(user: User | None, kind: str) -> None:
    """Count a failure in this minute; `kind`: passwords, codes, or refused while the account was locked."""
    minute = clock.now().replace(second=0, microsecond=0)
    row, _created = SignInFailures.objects.get_or_create(user=user, minute=minute)
    SignInFailures.objects.filter(pk=row.pk).update(**{kind: F(kind) + 1})


def record_failures() -> int:
    """Write an entry for each count of a past minute, and delete the count; return how many. Can run twice."""
    over = SignInFailures.objects.filter(minute__lt=clock.now().replace(second=0, microsecond=0))
    with trail.unit_of_work(Actor.system(_("登入"))):
        rows = list(over.select_for_update(skip_locked=True, of=("self",)).select_related("user")[:MOST])
        for row in rows:
            counts = {name: getattr(row, name) for name in ("passwords", "codes", "refused")}
            action = actions.SIGN_IN_LOCKED if row.refused else actions.SIGN_IN_FAILED
            trail.record(action, row.user or row, after={"minute": row.minute} | counts)
            if row.user and (row.refused or row.codes >= CODES):
                _tell_of_failures(row.user)
        SignInFailures.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@receiver(account_signals.user_logged_in)
def signed_in(user: User, **kwargs: Any) -> None:
    record_own(actions.SIGN_IN, user)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
def password_changed(user: User, **kwargs: Any) -> None:
    record_own(actions.CHANGE_PASSWORD, user)
    tell_owner(user, "password", _("您的密碼剛剛變更了"))


@receiver(account_signals.password_reset)
def password_reset(user: User, **kwargs: Any) -> None:
    """Record a password reset by mail: the mail reached the owner, who may sign in again at once."""
    record_own(actions.RESET_PASSWORD, user)
    locks.clear(user)
    tell_owner(user, "password", _("您的密碼剛剛重新設定了"))


@receiver(mfa_signals.authenticator_added)
def factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    record_own(actions.ADD_FACTOR, user, {"type": authenticator.type})
    tell_owner(user, "factor-added", _("您的帳號剛剛加上了兩步驟驗證"))


@receiver(mfa_signals.authenticator_removed)
def factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record_own(actions.REMOVE_FACTOR, user, {"type": authenticator.type})
    tell_owner(user, "factor-removed", _("您的兩步驟驗證剛剛關閉了"))


@receiver(mfa_signals.authenticator_reset)
def codes_renewed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record_own(actions.RENEW_CODES, user, {"type": authenticator.type})
    tell_owner(user, "codes-renewed", _("您的備用碼剛剛重新產生了"))


@receiver(mfa_signals.authentication_failed)
def code_failed(user: User, **kwargs: Any) -> None:
    note_failure(user, "codes")


def tell_of_new_device(user: User, user_agent: str) -> None:
    said = {"time": f"{localtime(clock.now()):%H:%M}", "device": browser(user_agent)}
    body = _("時間：%(time)s，裝置：%(device)s。是您自己登入的，就不用處理。") % said
    tell_owner(user, "new-device", _("您的帳號剛剛在一台沒有用過的裝置登入"), body)


def _tell_of_failures(user: User) -> None:
    """Once a day, however often it is tried: else whoever guesses could fill the owner's mailbox."""
    subject, body = _("有人用錯誤的密碼或驗證碼登入您的帳號"), _("帳號沒有被打開。是您自己打錯的，就不用處理。")
    tell_owner(user, "failures", subject, body, key=f"account:{user.pk}")


def tell_owner(user: User, kind: str, subject: str, body: str = "", address: str = "", key: str = "") -> None:
    """Mail the account's owner and put a line in their inbox, because only they can say that it was somebody else.

    `address` is where the mail goes if the account's own address is no longer the owner's; of one `key` there is one a day.
    """
    words = [body, _("如果不是您做的，請立刻打電話給所在縣政府的社區業務承辦人。")]
    text = "\n\n".join(part for part in words if part)
    # A second factor is set up or removed with its spare codes: one line for what happened within a minute.
    key = key or f"account:{user.pk}:{clock.now():%Y%m%d%H%M}"
    notify(user, f"account.{kind}", key, clock.today(), subject, text, reverse("me"), address=address)

"""By what a person may be reached: what they allow, the number and the LINE account that they proved to be theirs, and
the address of their calendar. Each change is in the trail, a number with its last three digits alone.
"""

import secrets
from datetime import UTC, timedelta

from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock, lock_first
from miaoli_kaohsiung.notices import deliveries
from miaoli_kaohsiung.notices.models import Feed, Reach
from miaoli_kaohsiung.notices.services import ring_on_commit

from . import actions
from .models import ContactCode, User
from .services import actor

MINUTES = 10
MAX_TRIES = 5
DIGITS = {ContactCode.PHONE: 6, ContactCode.LINE: 8}


class ChannelError(Refused):
    """Something about a channel that cannot be done; `reason` is fit to show."""


def reach_of(user: User) -> Reach:
    """Return the person's channels; unsaved with the defaults if nothing was chosen yet."""
    return Reach.objects.filter(user=user).first() or Reach(user=user)


def choose(user: User, *, email: bool, sms: bool, line: bool) -> None:
    """Keep by which channels reminders may come."""
    with trail.unit_of_work(actor(user)):
        reach = _locked(user)
        before = trail.snapshot(reach, "email", "sms", "line")
        reach.email, reach.sms, reach.line = email, sms, line
        reach.save(update_fields=["email", "sms", "line"])
        old, new = trail.changes(before, trail.snapshot(reach, "email", "sms", "line"))
        if new:
            trail.record(actions.CHOOSE_CHANNELS, user, before=old, after=new)


# --- Telephone ---------------------------------------------------------------------------------------------------------------


def ask_phone(user: User, number: str) -> None:
    """Send a code to the number; nothing changes until it is typed in."""
    with trail.unit_of_work(actor(user)):
        code = _fresh(user, ContactCode.PHONE, number)
        text = _("社區補助入口驗證碼 %(code)s，%(minutes)d 分鐘內有效。請勿告訴別人。")
        deliveries.send_code(user.pk, number, text % {"code": code_of(code), "minutes": MINUTES})
        ring_on_commit()


def confirm_phone(user: User, typed: str) -> None:
    """Keep the number as the person's own. Raises ChannelError for a wrong or old code, counting the tries."""
    row = open_code(user, ContactCode.PHONE)
    if row is None:
        raise ChannelError(_("驗證碼已經過期，請再寄一次。"))
    if not constant_time_compare(code_of(row), typed):
        _count_try(row)
        raise ChannelError(_("驗證碼不對，請照簡訊上的數字再填一次。"))
    with trail.unit_of_work(actor(user)):
        row = lock(ContactCode.objects.all(), pk=row.pk)
        reach = _locked(user)
        reach.phone, reach.phone_confirmed_at = row.address, clock.now()
        reach.save(update_fields=["phone", "phone_confirmed_at"])
        _use(row)
        trail.record(actions.CONFIRM_PHONE, user, after={"phone": _masked(row.address)})


def end_phone(user: User) -> None:
    """Forget the number."""
    with trail.unit_of_work(actor(user)):
        reach = _locked(user)
        if not reach.phone:
            return
        trail.record(actions.END_PHONE, user, before={"phone": _masked(reach.phone)})
        reach.phone, reach.phone_confirmed_at = "", None
        reach.save(update_fields=["phone", "phone_confirmed_at"])


# --- LINE --------------------------------------------------------------------------------------------------------------------


def ask_line(user: User) -> ContactCode:
    """Make the code that the person sends from LINE."""
    with trail.unit_of_work(actor(user)):
        return _fresh(user, ContactCode.LINE)


def bind_line(line_id: str, typed: str) -> User | None:
    """Bind the LINE account to the person whose page shows this code; None if there is no such code.

    Raises ChannelError if the account is another person's.
    """
    found = next((row for row in _open_codes(ContactCode.LINE) if constant_time_compare(code_of(row), typed)), None)
    if found is None:
        return None
    with trail.unit_of_work(Actor(found.user)):
        row = lock_first(_open_codes(ContactCode.LINE).filter(pk=found.pk))
        if row is None:
            return None
        if Reach.objects.filter(line_id=line_id).exclude(user=row.user).exists():
            raise ChannelError(_("這個 LINE 已經綁定另一個帳號，請先在那個帳號解除。"))
        reach = _locked(row.user)
        reach.line_id, reach.line_bound_at = line_id, clock.now()
        reach.save(update_fields=["line_id", "line_bound_at"])
        _use(row)
        trail.record(actions.BIND_LINE, row.user)
        return row.user


def end_line(user: User) -> None:
    """Forget the LINE account: the person's wish, or because the account blocked the portal."""
    with trail.unit_of_work(actor(user)):
        reach = _locked(user)
        if reach.line_id is None:
            return
        reach.line_id, reach.line_bound_at = None, None
        reach.save(update_fields=["line_id", "line_bound_at"])
        trail.record(actions.END_LINE, user)


# --- Calendar ----------------------------------------------------------------------------------------------------------------


def renew_feed(user: User) -> Feed:
    """Draw a new secret address; the one before is gone."""
    with trail.unit_of_work(actor(user)):
        values = {"token": secrets.token_urlsafe(32), "made_at": clock.now()}
        feed, _made = Feed.objects.update_or_create(user=user, defaults=values)
        trail.record(actions.RENEW_FEED, user)
        return feed


def end_feed(user: User) -> None:
    with trail.unit_of_work(actor(user)):
        if Feed.objects.filter(user=user).delete()[0]:
            trail.record(actions.END_FEED, user)


# --- Codes -------------------------------------------------------------------------------------------------------------------


def open_code(user: User, purpose: str) -> ContactCode | None:
    """Return the person's code that can still be used."""
    return _open_codes(purpose).filter(user=user).first()


def code_of(row: ContactCode) -> str:
    """Return the digits that belong to the row."""
    made_at = row.made_at.astimezone(UTC).isoformat()
    drawn = salted_hmac("accounts.contact_code", f"{row.pk}:{row.purpose}:{row.address}:{made_at}")
    digits = DIGITS[row.purpose]
    return f"{int(drawn.hexdigest(), 16) % 10**digits:0{digits}d}"


def _open_codes(purpose: str) -> QuerySet[ContactCode]:
    since = clock.now() - timedelta(minutes=MINUTES)
    rows = ContactCode.objects.filter(purpose=purpose, used_at=None, made_at__gte=since, tries__lt=MAX_TRIES)
    return rows.select_related("user").filter(user__is_active=True)


def _fresh(user: User, purpose: str, address: str = "") -> ContactCode:
    values = {"address": address, "made_at": clock.now(), "tries": 0, "used_at": None}
    return ContactCode.objects.update_or_create(user=user, purpose=purpose, defaults=values)[0]


def _count_try(row: ContactCode) -> None:
    ContactCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)


def _use(row: ContactCode) -> None:
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])


def _locked(user: User) -> Reach:
    Reach.objects.get_or_create(user=user)
    return lock(Reach.objects.all(), user=user)


def _masked(number: str) -> str:
    return f"…{number[-3:]}"

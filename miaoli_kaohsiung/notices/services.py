"""Notifying people: a row is written in the caller's transaction; delivery drains the rows and can stop at any point."""

import logging
import time
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError, OperationalError

from miaoli_kaohsiung.lib import clock

from . import deliveries
from .models import DIGEST, Channel, Delivery, DeliveryState, EmailState, Notice, Reach

log = logging.getLogger(__name__)

DELIVER = "notices.deliver"
# Minutes to the next attempt; afterwards every six hours until MAX_ATTEMPTS, some four days in all.
_BACKOFF = (1, 5, 15, 60, 180, 360)
MAX_ATTEMPTS = 20
# How many people's mails of the day are made in one transaction.
PEOPLE = 100
# How many notices a day's mail quotes; the rest is in the inbox.
LISTED = 30
# Asking for a broker that is down costs a page seconds; the sweep runs as often as this in any case.
_SILENCE = 30.0
_silent_until = 0.0
# What makes a notice the same one, for one person.
_ONCE = ("kind", "object_key", "due_on")


def notify(
    recipient: AbstractBaseUser,
    kind: str,
    object_key: str,
    due_on: date,
    subject: str,
    body: str,
    url: str = "",
    *,
    thread: str = "",
    case_number: str = "",
    at_once: bool = True,
    repeats: str = "",
    address: str = "",
    channels: Collection[str] | None = None,
    short: str = "",
) -> Notice:
    """Return the one notice of (recipient, kind, object_key, due_on), made now unless it exists. Safe in parallel.

    `url` is an address of the portal, from "/". `thread` names what closes it (by default the object), `case_number`
    the case of the inbox's filter. Without `at_once` the mail waits for the day's digest. `repeats` is the prefix of
    the kinds that this one repeats: those of the same thread are closed, and the new line keeps their first day.
    `address` is where the mail goes instead of the recipient's own. A closed notice that is sent again in the same words
    opens again. With `channels` it leaves by those of them that reach the person and that the person allows, with `short`
    as the text for a telephone; without them by e-mail. After commit a worker is woken; the sweep finds what is left.
    """
    used = [Channel.EMAIL.value] if channels is None else _channels_for(recipient, channels)
    notice = _unsaved(
        _first_state(used, at_once), recipient_id=recipient.pk, kind=kind, object_key=object_key, due_on=due_on, subject=subject, body=body,
        url=url, thread=thread or object_key, case_number=case_number, address=address, short=short[:120],
    )  # fmt: skip
    if repeats:
        _take_over(notice, repeats)
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    kept = Notice.objects.get(recipient_id=recipient.pk, kind=kind, object_key=object_key, due_on=due_on)
    if kept.message_id == notice.message_id or _open_again(kept, notice):
        texts = deliveries.make(kept, used, text_of(kept)) if short else 0
        if at_once or texts:
            ring_on_commit()
    return kept


def text_of(notice: Notice) -> str:
    """Return the text for a telephone: the few words and a link that leads, after signing in, to the page of the act."""
    return f"{notice.short} {settings.PORTAL_URL}{reverse('notice-go', args=[notice.pk])}"


def _channels_for(recipient: AbstractBaseUser, channels: Collection[str]) -> list[str]:
    reach = Reach.objects.filter(user_id=recipient.pk).first()
    return deliveries.channels_for(reach, channels, bool(getattr(recipient, "email", "")))


def _first_state(used: Collection[str], at_once: bool) -> EmailState:
    if Channel.EMAIL not in used:
        return EmailState.NOT_ASKED
    return EmailState.PENDING if at_once else EmailState.QUEUED


def _unsaved(email_state: EmailState, *, subject: str, **columns: Any) -> Notice:
    now = clock.now()
    return Notice(
        subject=" ".join(subject.split())[:200],
        first_on=clock.today(),
        created_at=now,
        next_attempt_at=now,
        email_state=email_state,
        message_id=_message_id(),
        **columns,
    )


def copy_to(person: AbstractBaseUser, notice: Notice) -> bool:
    """Give somebody else the same notice, unless they have it; return whether it is new. It goes into their next mail
    of the day and keeps the first day of the original.
    """
    same = {name: getattr(notice, name) for name in ("kind", "object_key", "due_on", "subject", "body", "url")}
    open_one = {"recipient_id": person.pk, "closed_at": None} | {name: same[name] for name in _ONCE}
    if Notice.objects.filter(**open_one).exists():
        return False
    made = notify(person, **same, thread=notice.thread, case_number=notice.case_number, at_once=False)
    Notice.objects.filter(pk=made.pk).update(first_on=notice.first_on, times=notice.times)
    return True


def close(threads: Iterable[str]) -> int:
    """Close the open notices of these threads, which are over, and return how many. Their queued mail is not sent any
    more.
    """
    return close_rows(Notice.objects.filter(thread__in=list(threads)))


def close_rows(rows: QuerySet[Notice]) -> int:
    """Close these very rows in the same way."""
    current = rows.filter(closed_at=None)
    deliveries.close(current)
    return current.update(
        closed_at=clock.now(),
        email_state=Case(
            When(email_state=EmailState.QUEUED, then=Value(EmailState.NOT_NEEDED)), default=F("email_state")
        ),
    )


def make_digests(day: date) -> int:
    """Make one mail for each person with notices that could wait, once a day; return how many mails.

    So many people are one transaction, the caller's if there is one. Rows that another process holds are left to it; notices
    made after the day's mail wait for the next day's.
    """
    waiting = Notice.objects.filter(email_state=EmailState.QUEUED, closed_at=None)
    had = Notice.objects.filter(kind=DIGEST, due_on=day).values("recipient")
    people = waiting.exclude(recipient__in=had).order_by("recipient").values_list("recipient", flat=True).distinct()
    left, count = iter(list(people)), 0
    while some := list(islice(left, PEOPLE)):
        with transaction.atomic():
            count += sum(_digest(person, waiting, day) for person in some)
    return count


def _digest(person: int, waiting: QuerySet[Notice], day: date) -> bool:
    rows = waiting.filter(recipient=person).order_by("due_on", "id")
    found = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True))
    if not found:
        return False
    first = found[0]
    subject, body, url = first.subject, first.body, first.url
    if len(found) > 1:
        subject = _("今天有 %(count)d 件事：%(first)s等") % {"count": len(found), "first": subject}
        context = {"notices": found[:LISTED], "left": len(found[LISTED:]), "portal": settings.PORTAL_URL}
        body, url = render_to_string("emails/digest.txt", context).strip(), reverse("notices")
    mail = notify(first.recipient, DIGEST, f"{DIGEST}:{day.isoformat()}", day, subject, body, url)
    Notice.objects.filter(pk__in=[row.pk for row in found]).update(email_state=EmailState.DIGESTED, digest=mail)
    return True


def _take_over(notice: Notice, repeats: str) -> None:
    """Close the earlier lines of this reminder and go on counting from the first of them."""
    rows = Notice.objects.filter(
        recipient_id=notice.recipient_id, thread=notice.thread, kind__startswith=repeats, closed_at=None
    ).exclude(kind=notice.kind, object_key=notice.object_key, due_on=notice.due_on)
    earlier = list(rows.select_for_update(no_key=True).order_by("first_on", "id"))
    if earlier:
        notice.first_on = earlier[0].first_on
        notice.times = max(row.times for row in earlier) + 1
        queued = [row.pk for row in earlier if row.email_state == EmailState.QUEUED]
        Notice.objects.filter(pk__in=queued).update(email_state=EmailState.NOT_NEEDED)
        repeated = Notice.objects.filter(pk__in=[row.pk for row in earlier])
        deliveries.close(repeated)
        repeated.update(closed_at=clock.now())


def _open_again(kept: Notice, notice: Notice) -> bool:
    """Return whether the row was closed; if so it is opened again, with a mail of its own."""
    fresh = ("created_at", "next_attempt_at", "email_state", "message_id")
    again = {name: getattr(notice, name) for name in fresh} | {"read_at": None, "closed_at": None, "attempts": 0}
    if kept.closed_at is None or not Notice.objects.filter(pk=kept.pk, closed_at__isnull=False).update(**again):
        return False
    kept.refresh_from_db()
    return True


def _message_id() -> str:
    return f"<{uuid4().hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}>"


def deliver_pending(limit: int = 500) -> int:
    """Send what is due, one row a transaction, and return how many were sent. Any number of calls may run at once.

    A process killed between the mail server's answer and the commit leaves the row pending: it is sent again with the
    same Message-ID. Mail that cannot be sent waits longer each time and fails for good after MAX_ATTEMPTS.
    """
    sent = 0
    for _turn in range(limit):
        state = _deliver_next()
        if state is None:
            break
        sent += state == EmailState.SENT
    return sent


def mark_read(user: AbstractBaseUser, notices: QuerySet[Notice]) -> int:
    """Mark those of `notices` that are this person's and unread; return how many."""
    return notices.filter(recipient_id=user.pk, read_at=None).update(read_at=clock.now())


def drop_read(before: datetime) -> int:
    """Delete notices that were read, or were over, before that moment and owe no mail; return how many."""
    owed = (EmailState.PENDING, EmailState.QUEUED)
    over = Q(read_at__lt=before) | Q(closed_at__lt=before)
    texts = Delivery.objects.filter(notice=OuterRef("pk"), state__in=[DeliveryState.PENDING, DeliveryState.SENDING])
    rows = Notice.objects.filter(over, created_at__lt=before).exclude(email_state__in=owed).exclude(Exists(texts))
    count, _rows = rows.delete()
    return count


def retry_failed() -> list[Notice]:
    """Put mail that failed for good back into the outbox, inside the caller's transaction; return those notices. A
    caller in the portal's name records it (accounts.services.retry_mails).
    """
    failed = list(Notice.objects.select_for_update().filter(email_state=EmailState.FAILED).order_by("id"))
    for notice in failed:
        notice.email_state, notice.attempts, notice.next_attempt_at = EmailState.PENDING, 0, clock.now()
    Notice.objects.bulk_update(failed, ["email_state", "attempts", "next_attempt_at"], batch_size=500)
    if failed:
        ring_on_commit()
    return failed


def _deliver_next() -> str | None:
    """Deliver one row that is due and nobody else holds; return its new state, None if there is none."""
    with transaction.atomic():
        # A row that seems to be made in the future was made before the clock was set back: it does not wait.
        at_hand = Q(next_attempt_at__lte=clock.now()) | Q(created_at__gt=clock.now(), attempts=0)
        due = Notice.objects.filter(at_hand, email_state=EmailState.PENDING)
        rows = due.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("recipient")
        notice = rows.order_by("next_attempt_at", "id").first()
        if notice is None:
            return None
        _attempt(notice)
        notice.save(
            update_fields=["email_state", "email_sent_at", "attempts", "next_attempt_at", "last_error"],
        )
        return notice.email_state


def _attempt(notice: Notice) -> None:
    if not (notice.address or notice.recipient.email):
        notice.email_state = EmailState.NO_ADDRESS
        return
    now = clock.now()
    notice.attempts += 1
    try:
        _send(notice)
    except Exception as error:  # noqa: BLE001 - one mail that cannot be sent, for whatever reason, must not hold up the others
        # Its words quote the address; they stand in the row, which staff read under their posts.
        log.warning("notice %s was not sent, attempt %s: %s", notice.pk, notice.attempts, type(error).__name__)
        notice.last_error = repr(error)[:300]
        notice.next_attempt_at = _next_attempt(now, notice.attempts)
        if notice.attempts >= MAX_ATTEMPTS:
            notice.email_state = EmailState.FAILED
        return
    notice.email_state, notice.email_sent_at, notice.last_error = EmailState.SENT, now, ""


def _next_attempt(now: datetime, attempts: int) -> datetime:
    return now + timedelta(minutes=_BACKOFF[min(attempts, len(_BACKOFF)) - 1])


def _send(notice: Notice) -> None:
    address = settings.PORTAL_URL + notice.url if notice.url else ""
    context = {"notice": notice, "address": address, "portal": settings.PORTAL_URL}
    to = notice.address or notice.recipient.email
    EmailMessage(
        subject=f"{notice.recipient}：{notice.subject}" if _is_shared(to, notice.recipient_id) else notice.subject,
        body=render_to_string("emails/notice.txt", context),
        to=[to],
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def _is_shared(address: str, recipient_id: int) -> bool:
    """Return whether somebody else reads this address too: the subject then says whose mail it is."""
    others = get_user_model().objects.filter(email__iexact=address, is_active=True)
    return others.exclude(pk=recipient_id).exists()


def ring_on_commit() -> None:
    """Send one message a transaction, however many notices it makes."""
    if all(hook[1] is not _ring for hook in connection.run_on_commit):
        # Robust: what was committed stands, and its request succeeds, whatever the broker does.
        transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    global _silent_until  # one process, one memory of a broker that is down
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(DELIVER)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("no bell for the outbox, the sweep will find it: %r", error)
        _silent_until = time.monotonic() + _SILENCE

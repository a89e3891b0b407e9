"""Telling people: a row first, in the caller's transaction; delivery drains the rows and can be cut off at any
point.
"""

import logging
import time
from datetime import date, datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from kombu.exceptions import KombuError, OperationalError

from miaoli_kaohsiung.lib import clock

from .models import EmailState, Notice

log = logging.getLogger(__name__)

DELIVER = "notices.deliver"
# Minutes to the next attempt; afterwards every six hours until MAX_ATTEMPTS, some four days in all.
_BACKOFF = (1, 5, 15, 60, 180, 360)
MAX_ATTEMPTS = 20
# Asking for a broker that is down costs a page seconds; the sweep comes as often as this in any case.
_SILENCE = 30.0
_silent_until = 0.0


def tell(
    recipient: AbstractBaseUser, kind: str, object_key: str, due_on: date, subject: str, body: str, url: str = ""
) -> Notice:
    """The one notice of (recipient, kind, object_key, due_on), made now unless it was told before. Safe in parallel.

    `url` is an address of the portal, from "/". After commit a bell wakes a worker; with no broker the sweep finds
    the row.
    """
    message_id = f"<{uuid4().hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}>"
    now = clock.now()
    notice = Notice(
        recipient_id=recipient.pk,
        kind=kind,
        object_key=object_key,
        due_on=due_on,
        subject=" ".join(subject.split())[:200],
        body=body,
        url=url,
        created_at=now,
        next_attempt_at=now,
        message_id=message_id,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    told = Notice.objects.get(recipient_id=recipient.pk, kind=kind, object_key=object_key, due_on=due_on)
    if told.message_id == message_id:
        _ring_on_commit()
    return told


def deliver_pending(limit: int = 500) -> int:
    """Send what is due, one row a transaction, and answer how many were sent. Any number may run at once.

    A process killed between the mail server's answer and the commit leaves the row pending: it goes out again with
    the same Message-ID. Mail that cannot be sent waits longer each time and fails for good after MAX_ATTEMPTS.
    """
    sent = 0
    for _turn in range(limit):
        state = _deliver_next()
        if state is None:
            break
        sent += state == EmailState.SENT
    return sent


def mark_read(notices, user: AbstractBaseUser) -> int:
    """Mark those of `notices` (a queryset) that are this person's and unread; answers how many."""
    return notices.filter(recipient_id=user.pk, read_at=None).update(read_at=clock.now())


def retry_failed() -> list[Notice]:
    """Put mail that failed for good back into the outbox, inside the caller's transaction; answers what was put back.
    Who calls it in the portal's name records it (accounts.services.retry_mails).
    """
    failed = list(Notice.objects.select_for_update().filter(email_state=EmailState.FAILED).order_by("id"))
    for notice in failed:
        notice.email_state, notice.attempts, notice.next_attempt_at = EmailState.PENDING, 0, clock.now()
    Notice.objects.bulk_update(failed, ["email_state", "attempts", "next_attempt_at"], batch_size=500)
    if failed:
        _ring_on_commit()
    return failed


def _deliver_next() -> str | None:
    """Take one row that is due and nobody else holds; answers its new state, None when there is none."""
    with transaction.atomic():
        due = Notice.objects.filter(email_state=EmailState.PENDING, next_attempt_at__lte=clock.now())
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
    if not notice.recipient.email:
        notice.email_state = EmailState.NO_ADDRESS
        return
    now = clock.now()
    notice.attempts += 1
    try:
        _send(notice)
    except Exception as error:  # noqa: BLE001 - one mail that cannot be sent, for whatever reason, must not hold up the others
        log.warning("notice %s was not sent, attempt %s: %r", notice.pk, notice.attempts, error)
        notice.last_error = repr(error)[:300]
        notice.next_attempt_at = _next_attempt(now, notice.attempts)
        if notice.attempts >= MAX_ATTEMPTS:
            notice.email_state = EmailState.FAILED
        return
    notice.email_state, notice.email_sent_at, notice.last_error = EmailState.SENT, now, ""


def _next_attempt(now: datetime, attempts: int) -> datetime:
    return now + timedelta(minutes=_BACKOFF[min(attempts, len(_BACKOFF)) - 1])


def _send(notice: Notice) -> None:
    context = {"notice": notice, "address": settings.PORTAL_URL + notice.url if notice.url else ""}
    EmailMessage(
        subject=notice.subject,
        body=render_to_string("emails/notice.txt", context),
        to=[notice.recipient.email],
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def _ring_on_commit() -> None:
    """One bell a transaction, however many notices it makes."""
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

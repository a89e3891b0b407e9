"""Texts by SMS and LINE: rows of the outbox that are claimed, tried again, and never sent twice by one channel.

A claim is committed before the carrier is asked. A process that is killed in between leaves the row "sending"; when
the claim has run out, the next one asks again with the same key, which a carrier takes only once.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from miaoli_kaohsiung.lib import clock

from .carriers import line, sms
from .carriers.http import CarrierError, ExhaustedError, RejectedError
from .models import Channel, Delivery, DeliveryState, EmailState, Notice, Reach

log = logging.getLogger(__name__)

# Minutes to the next attempt.
_BACKOFF = (1, 5, 15, 60, 180, 360, 360)
MAX_ATTEMPTS = len(_BACKOFF) + 1
# For so long a carrier is sure to know a key again (LINE: 24 hours).
_KEY_HOLDS = timedelta(hours=23)
# A claim that is older belonged to a process that was killed.
_LEASE = timedelta(minutes=5)
# Nobody's telephone rings before nine or after eight in the evening.
_FIRST_HOUR, _LAST_HOUR = 9, 20
_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
_UNSENT = (DeliveryState.PENDING, DeliveryState.WAITING)


def channels_for(reach: Reach | None, channels: Collection[str], has_mail: bool) -> list[str]:
    """Return by which of the wanted channels a person can be reached now. If none of them reaches the person, e-mail
    does, unless the person does not want it.
    """
    reach = reach or Reach()
    ready = {
        Channel.EMAIL: has_mail and reach.email,
        Channel.SMS: sms.configured() and reach.sms and bool(reach.number),
        Channel.LINE: line.configured() and reach.line and bool(reach.line_id),
    }
    found = [channel for channel in Channel.values if channel in channels and ready[Channel(channel)]]
    alone = [channel for channel in found if channel != Channel.LINE or line.pushes()]
    return found if alone or not ready[Channel.EMAIL] else [Channel.EMAIL, *found]


def make(notice: Notice, channels: Collection[str], text: str) -> int:
    """Make the rows of a notice for SMS and LINE; those that are there already stay as they are."""
    now = clock.now()
    rows = [
        Delivery(
            notice=notice,
            recipient_id=notice.recipient_id,
            channel=channel,
            text=text[:300],
            state=DeliveryState.WAITING if channel == Channel.LINE and not line.pushes() else DeliveryState.PENDING,
            made_at=now,
            next_attempt_at=polite(now),
        )
        for channel in channels
        if channel != Channel.EMAIL
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_code(recipient_id: int, number: str, text: str) -> Delivery:
    """Make the row of a code; it goes out at once."""
    now = clock.now()
    return Delivery.objects.create(
        recipient_id=recipient_id, channel=Channel.SMS, address=number, text=text, made_at=now, next_attempt_at=now
    )


def polite(now: datetime) -> datetime:
    """Return the moment, or the next morning's nine o'clock if it lies at night."""
    local = now.astimezone(clock.TAIPEI)
    if _FIRST_HOUR <= local.hour < _LAST_HOUR:
        return now
    morning = local.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0)
    return morning if local.hour < _FIRST_HOUR else morning + timedelta(days=1)


def deliver(limit: int = 500) -> int:
    """Send what is due and return how many were sent. Any number of calls may run at once."""
    sent = 0
    for _turn in range(limit):
        row = _claim()
        if row is None:
            break
        sent += _finish(row, _ask(row))
    return sent


def _claim() -> Delivery | None:
    """Take one row that is due for this process alone, committed before anybody is asked."""
    with transaction.atomic():
        now = clock.now()
        rows = Delivery.objects.filter(state__in=_OPEN, next_attempt_at__lte=now)
        rows = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("recipient__reach")
        row = rows.order_by("next_attempt_at", "id").first()
        if row is None:
            return None
        row.state, row.attempts, row.next_attempt_at = DeliveryState.SENDING, row.attempts + 1, now + _LEASE
        row.first_attempt_at = row.first_attempt_at or now
        row.save(update_fields=["state", "attempts", "next_attempt_at", "first_attempt_at"])
        return row


def _ask(row: Delivery) -> CarrierError | None:
    """Ask the carrier; returns what went wrong."""
    try:
        if row.first_attempt_at and clock.now() - row.first_attempt_at > _KEY_HOLDS:
            raise RejectedError("too long ago to be asked again")
        _send(row)
    except CarrierError as error:
        log.warning("delivery %s was not taken, attempt %s: %s", row.pk, row.attempts, error)
        return error
    return None


def _send(row: Delivery) -> None:
    reach = Reach.objects.filter(user_id=row.recipient_id).first() or Reach()
    if row.channel == Channel.SMS:
        number = row.address or (reach.number if reach.sms else "")
        if not (number and sms.configured()):
            raise RejectedError("no number, or no gateway")
        sms.send(number, row.text, row.key)
        return
    if not (reach.line_id and reach.line and line.configured()):
        raise RejectedError("no LINE account")
    if _pushed_this_month() >= settings.LINE_PUSHES_A_MONTH:
        raise ExhaustedError("the month's pushes are used up")
    line.push(reach.line_id, row.text, row.key)


def _pushed_this_month() -> int:
    now = clock.now().astimezone(clock.TAIPEI)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    pushed = Delivery.objects.filter(channel=Channel.LINE, state=DeliveryState.SENT, attempts__gt=0)
    return pushed.filter(sent_at__gte=first).count()


def _finish(row: Delivery, error: CarrierError | None) -> bool:
    """Write down what came of a claim, unless somebody else has claimed the row since; returns whether it was sent."""
    now = clock.now()
    values: dict[str, object] = {"last_error": str(error or "")[:300]}
    if error is None:
        values |= {"state": DeliveryState.SENT, "sent_at": now}
        if row.notice_id is None:
            values["text"] = ""
    elif isinstance(error, ExhaustedError) and row.channel == Channel.LINE:
        values |= {"state": DeliveryState.WAITING, "attempts": 0}
    elif isinstance(error, RejectedError) or row.attempts >= MAX_ATTEMPTS:
        values["state"] = DeliveryState.FAILED
    else:
        wait = timedelta(minutes=_BACKOFF[row.attempts - 1])
        values |= {"state": DeliveryState.PENDING, "next_attempt_at": now + wait}
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, attempts=row.attempts)
        written = mine.update(**values)
        if written and values.get("state") == DeliveryState.FAILED:
            _mail_instead(row)
    return bool(written) and error is None


def _mail_instead(row: Delivery) -> None:
    """Put the notice of a text that cannot arrive into the day's mail, if none was meant for it and the person takes it."""
    if row.notice_id is None or Reach.objects.filter(user_id=row.recipient_id, email=False).exists():
        return
    rows = Notice.objects.filter(pk=row.notice_id, closed_at=None, email_state=EmailState.NOT_ASKED)
    rows.update(email_state=EmailState.QUEUED)


def close(notices: QuerySet[Notice]) -> None:
    """Stop what was not sent yet of notices that are over."""
    rows = Delivery.objects.filter(notice__in=notices.order_by().values("pk"), state__in=_UNSENT)
    rows.update(state=DeliveryState.NOT_NEEDED)


def answered_in_line(recipient_id: int) -> list[int]:
    """Note that somebody is answered in LINE with all that waits; returns the rows that this settles."""
    rows = Delivery.objects.filter(recipient_id=recipient_id, channel=Channel.LINE, state__in=_UNSENT)
    found = list(rows.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=found).update(state=DeliveryState.SENT, sent_at=clock.now(), attempts=0)
    return found


def not_answered_in_line(rows: Collection[int]) -> None:
    """Take that back for rows whose answer did not arrive: they wait for the next time the person writes."""
    Delivery.objects.filter(pk__in=rows).update(state=DeliveryState.WAITING, sent_at=None)

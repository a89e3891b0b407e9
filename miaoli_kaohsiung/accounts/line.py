"""What people write to the county's LINE account: kept as rows by the webhook, answered by a worker within seconds.

Answers to what somebody wrote cost nothing, so reminders wait for that; the texts hold the case number and the thing to
do, nothing else. What a group or a stranger writes learns nothing.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError, OperationalError

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.notices import deliveries, queries
from miaoli_kaohsiung.notices.carriers import line
from miaoli_kaohsiung.notices.carriers.http import CarrierError
from miaoli_kaohsiung.notices.models import LineEvent, Reach

from .channels import ChannelError, bind_line, end_line
from .models import User

ANSWER = "accounts.answer_line"
# A reply token is good for a minute.
_TOKEN_HOLDS = timedelta(seconds=55)
LISTED = 10
# Wrong codes from one LINE account within an hour; after that codes are not looked at.
MOST_WRONG = 5
_CODE = re.compile(r"[0-9]{8}")


def receive(body: bytes) -> int:
    """Keep the events of a signed webhook, each once, and wake a worker; returns how many were new."""
    rows = [row for row in map(_row, _events(body)) if row is not None]
    before = LineEvent.objects.count()
    LineEvent.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(_ring, robust=True)
    return LineEvent.objects.count() - before


def answer(limit: int = 100) -> int:
    """Answer what was written and not answered yet; returns how many events."""
    count = 0
    while count < limit and _answer_next():
        count += 1
    return count


def _events(body: bytes) -> list[Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return []
    events = data.get("events") if isinstance(data, dict) else None
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _row(event: dict[str, Any]) -> LineEvent | None:
    """Return an event of one person; None for one of a group, or of a kind that nobody answers."""
    source, message = event.get("source") or {}, event.get("message") or {}
    known = event.get("type") in {"message", "follow", "unfollow"} and source.get("type") == "user"
    if not known or not source.get("userId") or not event.get("webhookEventId"):
        return None
    return LineEvent(
        event_id=str(event["webhookEventId"])[:60],
        kind=event["type"],
        line_id=str(source["userId"])[:40],
        reply_token=str(event.get("replyToken") or "")[:80],
        text=str(message.get("text") or "")[:100].replace("\x00", ""),
        received_at=clock.now(),
    )


def _answer_next() -> bool:
    """Do what one event asks for, note it as done, and reply. A process killed in between leaves the person without an
    answer, never with two.
    """
    with transaction.atomic():
        rows = LineEvent.objects.filter(done_at=None).select_for_update(skip_locked=True, no_key=True)
        event = rows.order_by("id").first()
        if event is None:
            return False
        texts, settled = _meant(event)
        event.text, event.done_at = "", clock.now()
        event.save(update_fields=["text", "done_at"])
    if texts and not _replied(event, texts, clock.now()):
        deliveries.not_answered_in_line(settled)
    return True


def _replied(event: LineEvent, texts: list[str], now: datetime) -> bool:
    if not event.reply_token or now - event.received_at > _TOKEN_HOLDS:
        return False
    try:
        line.reply(event.reply_token, texts)
    except CarrierError:
        return False
    return True


def _meant(event: LineEvent) -> tuple[list[str], list[int]]:
    """Return the answers, and the deliveries that they settle."""
    person = User.objects.filter(reach__line_id=event.line_id, is_active=True).first()
    if event.kind == "unfollow":
        if person:
            end_line(person)
        return [], []
    typed = half_width(event.text).replace(" ", "").replace("-", "")
    if _CODE.fullmatch(typed):
        return [_bound(event, typed)], []
    if person is None or not Reach.objects.filter(user=person, line=True).exists():
        how = _("請登入 %(url)s，在「我的帳號」的「通知管道」取得 8 位數代碼，再把代碼傳到這裡。")
        return [how % {"url": settings.PORTAL_URL}], []
    return [_waiting(person)], deliveries.answered_in_line(person.pk)


def _bound(event: LineEvent, typed: str) -> str:
    """Bind the account if the code is somebody's; too many wrong ones are not looked at."""
    hour = clock.now() - timedelta(hours=1)
    tried = LineEvent.objects.filter(line_id=event.line_id, kind="wrong", received_at__gte=hour).count()
    if tried >= MOST_WRONG:
        return _("代碼錯太多次了，請過一小時再試。")
    try:
        person = bind_line(event.line_id, typed)
    except ChannelError as refused:
        return refused.reason
    if person is None:
        event.kind = "wrong"
        event.save(update_fields=["kind"])
        return _("這個代碼不對，或已經過期。請在「我的帳號」的「通知管道」再取一次。")
    return _("綁定完成。之後在這裡傳任何字，就會回您目前要辦的事。")


def _waiting(person: User) -> str:
    """Return what is to be done, in few words."""
    current = queries.current_of(person)
    found = list(current.exclude(short="").order_by("due_on", "id").values_list("short", flat=True)[:LISTED])
    more = current.count() - len(found)
    lines = [f"・{text}" for text in found] or [_("目前沒有要辦的事。")]
    if more:
        lines.append(_("還有 %d 則通知，登入後可以看。") % more)
    return "\n".join([*lines, settings.PORTAL_URL])


def _ring() -> None:
    try:
        current_app.send_task(ANSWER)
    except (OperationalError, KombuError, OSError):
        # The sweep finds the row.
        return

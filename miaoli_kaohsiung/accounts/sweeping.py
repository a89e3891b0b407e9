"""Deletes what is kept only for a time, and seals what an earlier release kept in the clear."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Delivery, LineEvent
from miaoli_kaohsiung.notices.services import drop_read

from . import factors
from .models import ContactCode

# A notice that was read, or is over, is needed for a year at most: the case keeps its history.
NOTICE_DAYS = 365
# Codes, and what was said in LINE, are over within minutes; that they were there is kept for a month.
CONTACT_DAYS = 30


def sweep() -> dict[str, int]:
    """Delete ended sessions, the devices noted for them, and old notices, and seal seeds; return how many of each."""
    sessions, _rows = Session.objects.filter(expire_date__lt=clock.now()).delete()
    alive = Session.objects.values("session_key")
    devices, _rows = UserSession.objects.exclude(session_key__in=alive).delete()
    return {
        "sessions": sessions,
        "devices": devices,
        "contacts": _drop_contacts(clock.now() - dt.timedelta(days=CONTACT_DAYS)),
        "notices": drop_read(clock.now() - dt.timedelta(days=NOTICE_DAYS)),
        "seeds": factors.seal_clear(),
    }


def _drop_contacts(before: dt.datetime) -> int:
    rows = (
        ContactCode.objects.filter(made_at__lt=before),
        LineEvent.objects.filter(received_at__lt=before),
        Delivery.objects.filter(notice=None, made_at__lt=before),
    )
    return sum(found.delete()[0] for found in rows)

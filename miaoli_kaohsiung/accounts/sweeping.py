"""Deletes what is kept only for a time."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.services import drop_read

# A notice that was read, or is over, is needed for a year at most: the case keeps its history.
NOTICE_DAYS = 365


def sweep() -> dict[str, int]:
    """Delete ended sessions, the devices noted for them, and old notices; return how many of each."""
    sessions, _rows = Session.objects.filter(expire_date__lt=clock.now()).delete()
    alive = Session.objects.values("session_key")
    devices, _rows = UserSession.objects.exclude(session_key__in=alive).delete()
    return {
        "sessions": sessions,
        "devices": devices,
        "notices": drop_read(clock.now() - dt.timedelta(days=NOTICE_DAYS)),
    }

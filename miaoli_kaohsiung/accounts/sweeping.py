"""What is kept no longer than it serves."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.services import drop_read

# A notice that was read, or whose thing is done, is looked up again within a year at most: the case keeps its history.
NOTICE_DAYS = 365


def sweep() -> dict[str, int]:
    """Drop sessions that are over, the devices noted for them, and old notices; returns how many of each."""
    sessions, _rows = Session.objects.filter(expire_date__lt=clock.now()).delete()
    alive = Session.objects.values("session_key")
    devices, _rows = UserSession.objects.exclude(session_key__in=alive).delete()
    return {
        "sessions": sessions,
        "devices": devices,
        "notices": drop_read(clock.now() - dt.timedelta(days=NOTICE_DAYS)),
    }

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from miaoli_kaohsiung.accounts import sweeping
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import EmailState, Notice
from miaoli_kaohsiung.notices.services import notify
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def session(key, days):
    Session.objects.create(session_key=key, session_data="x", expire_date=clock.now() + dt.timedelta(days=days))
    UserSession.objects.create(user=UserFactory(), session_key=key, ip="192.0.2.1", user_agent="x")


def notice(key, **fields):
    row = notify(UserFactory(), "kind", key, clock.today(), "主旨", "內容")
    Notice.objects.filter(pk=row.pk).update(**fields)


def test_what_is_over_goes_and_what_serves_stays():
    session("over", -1)
    session("alive", 1)
    now = clock.now()
    long_ago, lately = now - dt.timedelta(days=366), now - dt.timedelta(days=364)
    sent = {"email_state": EmailState.SENT, "created_at": long_ago}
    notice("read long ago", read_at=long_ago, **sent)
    notice("closed long ago", closed_at=long_ago, **sent)
    notice("read lately", read_at=lately, **sent)
    notice("unread", **sent)
    notice("its mail is owed", read_at=long_ago, created_at=long_ago)
    assert sweeping.sweep() == {"sessions": 1, "devices": 1, "contacts": 0, "notices": 2, "seeds": 0}
    assert [row.session_key for row in UserSession.objects.all()] == ["alive"]
    kept = set(Notice.objects.values_list("object_key", flat=True))
    assert kept == {"read lately", "unread", "its mail is owed"}
    assert sweeping.sweep() == {"sessions": 0, "devices": 0, "contacts": 0, "notices": 0, "seeds": 0}

"""The check for entries itself: it sees a change without one, and is content with one (tests/recorded.py)."""

import pytest
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from tests.factories.accounts import person
from tests.recorded import press, unrecorded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("recording", [True, False])
def test_a_change_without_an_entry_is_seen(monkeypatch, recording):
    client, user = Client(), person(Role.CASE_OFFICER)
    client.force_login(person(Role.ADMINISTRATOR, county=""))
    if not recording:
        monkeypatch.setattr(trail, "record", lambda *args, **kwargs: None)
    found = unrecorded(press(client, reverse("communities:person-active", args=[user.pk]), {"active": "no"}))
    assert any('UPDATE "accounts_user"' in sql for sql in found) is not recording
    user.refresh_from_db()
    assert user.is_active, "all of it is taken back"


def test_whoever_pressed_signing_out_goes_on_pressing():
    client = Client()
    client.force_login(person(Role.CASE_OFFICER))
    assert unrecorded(press(client, reverse("account_logout"), {})) == []
    assert client.get(reverse("me")).status_code == 200

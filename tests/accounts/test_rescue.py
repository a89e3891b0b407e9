"""A form sent after the session ended is kept and put back after signing in; nothing typed is lost."""

import base64
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.rescue import MARK
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
TYPED = {"display_name": "改過的<名字>", "email": "somebody@example.org"}


@pytest.fixture
def member():
    user = person(Role.MEMBER, organisation_id=1, office="staff")
    User.objects.filter(pk=user.pk).update(email="somebody@example.org")
    return User.objects.get(pk=user.pk)


def hidden_fields(page):
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">', page))


@pytest.fixture
def left(client, member):
    """A browser in which the member's session has ended, so long ago that its row is gone."""
    client.force_login(member)
    assert client.get("/accounts/me/").status_code == 200
    Session.objects.all().delete()
    return client


def test_what_was_typed_comes_back_and_is_saved(left, member):
    sent = left.post("/accounts/me/", TYPED)
    assert (sent.status_code, sent.url) == (302, "/accounts/login/?next=/accounts/rescued/")
    left.force_login(member)
    page = left.get("/accounts/rescued/").content.decode()
    assert 'action="/accounts/me/"' in page
    assert hidden_fields(page) == {"display_name": "改過的&lt;名字&gt;", "email": "somebody@example.org"}
    left.post("/accounts/me/", TYPED)
    assert User.objects.get(pk=member.pk).display_name == "改過的<名字>"


def test_a_password_is_typed_anew(left, member):
    left.post("/accounts/me/", TYPED | {"password": "demo-88-2010"})
    left.force_login(member)
    page = left.get("/accounts/rescued/").content.decode()
    assert (set(hidden_fields(page)), "demo-88-2010" in page) == ({"display_name", "email"}, False)


def test_nothing_is_kept_for_somebody_who_had_no_session(client):
    for number in range(30):
        answer = client.post("/accounts/me/", TYPED | {"display_name": f"x{number}"})
        assert answer.url == "/accounts/login/?next=/accounts/me/"
    client.cookies[MARK] = "1:forged"
    assert client.post("/accounts/me/", TYPED).url == "/accounts/login/?next=/accounts/me/"
    assert rows_kept() == 0


def test_so_many_forms_an_hour_and_no_more(left, settings):
    settings.LIMITS = settings.LIMITS | {"rescue": "3/h/key"}
    for _number in range(10):
        assert left.post("/accounts/me/", TYPED).status_code == 302
    assert rows_kept() == 3


def rows_kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        return cursor.fetchone()[0]


class TestPageWithAnOldToken:
    """Somebody signed in again in another tab; the page that lies open has the token of before."""

    @pytest.fixture
    def again(self, member):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(member)
        browser.get("/accounts/me/")
        return browser

    def test_what_was_typed_is_put_back_at_once(self, again):
        sent = again.post("/accounts/me/", TYPED, headers={"origin": "http://testserver"})
        assert (sent.status_code, sent.url) == (302, "/accounts/rescued/")
        page = again.get("/accounts/rescued/").content.decode()
        assert hidden_fields(page)["display_name"] == "改過的&lt;名字&gt;"

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "https://testserver", None])
    def test_what_comes_from_elsewhere_is_refused_and_not_kept(self, again, origin):
        sent = again.post("/accounts/me/", TYPED, headers={"origin": origin} if origin else {})
        assert (sent.status_code, "這一頁放太久了" in sent.content.decode()) == (403, True)
        assert rows_kept() == 0

    def test_the_sign_in_page_keeps_nothing(self, again, member):
        sent = {"login": member.username, "password": "demo-88-2010"}
        assert again.post("/accounts/login/", sent, headers={"origin": "http://testserver"}).status_code == 403
        assert rows_kept() == 0

    def test_a_script_gets_its_answer(self, again):
        headers = {"origin": "http://testserver", "accept": "application/json"}
        assert again.post("/accounts/me/", TYPED, headers=headers).status_code == 403
        assert rows_kept() == 0


def test_nothing_is_kept_for_another_person(client, member, settings):
    settings.SESSION_IDLE_SECONDS = -1
    client.force_login(member)
    assert client.post("/accounts/me/", TYPED).url == "/accounts/login/?next=/accounts/rescued/"
    settings.SESSION_IDLE_SECONDS = 1800
    client.force_login(person(Role.MEMBER, organisation_id=2, office="staff"))
    assert client.get("/accounts/rescued/").url == "/desk/"
    client.force_login(member)
    assert client.get("/accounts/rescued/").status_code == 200


def test_a_script_that_posts_is_led_to_the_sign_in_page_alone(client):
    answer = client.post("/accounts/me/", TYPED, headers={"accept": "application/json"})
    assert answer.url == "/accounts/login/?next=/accounts/me/"
    assert "rescued" not in client.cookies


def test_a_form_too_large_to_keep_is_not_kept(left):
    client = left
    answer = client.post("/accounts/me/", {"display_name": "x" * 600_000})
    assert answer.url == "/accounts/login/?next=/accounts/rescued/"
    assert "rescued" not in client.cookies


def test_with_nothing_kept_the_page_leads_to_the_desk(client, member):
    client.force_login(member)
    assert client.get("/accounts/rescued/").url == "/desk/"


def test_what_was_typed_lies_sealed(left, member):
    left.post("/accounts/me/", TYPED | {"national_id": "A123456789"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM portal_cache")
        (row,) = cursor.fetchall()
    assert b"/accounts/me/" in base64.b64decode(row[0])
    assert b"A123456789" not in base64.b64decode(row[0])
    left.force_login(member)
    assert hidden_fields(left.get("/accounts/rescued/").content.decode())["national_id"] == "A123456789"

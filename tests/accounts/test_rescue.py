"""A form sent after the session ended is kept and put back after signing in; nothing typed is lost."""

import re

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
TYPED = {"display_name": "改過的<名字>", "email": "new@example.org"}


@pytest.fixture
def member():
    return person(Role.MEMBER, organisation_id=1, office="staff")


def hidden_fields(page):
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">', page))


def test_what_was_typed_comes_back_and_is_saved(client, member):
    sent = client.post("/accounts/me/", TYPED)
    assert (sent.status_code, sent.url) == (302, "/accounts/login/?next=/accounts/rescued/")
    client.force_login(member)
    page = client.get("/accounts/rescued/").content.decode()
    assert 'action="/accounts/me/"' in page
    assert hidden_fields(page) == {"display_name": "改過的&lt;名字&gt;", "email": "new@example.org"}
    client.post("/accounts/me/", TYPED)
    assert User.objects.get(pk=member.pk).display_name == "改過的<名字>"


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


def test_a_form_too_large_to_keep_is_not_kept(client):
    answer = client.post("/accounts/me/", {"display_name": "x" * 600_000})
    assert answer.url == "/accounts/login/?next=/accounts/rescued/"
    assert "rescued" not in client.cookies


def test_with_nothing_kept_the_page_leads_to_the_desk(client, member):
    client.force_login(member)
    assert client.get("/accounts/rescued/").url == "/desk/"

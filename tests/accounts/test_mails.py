"""Mails about accounts are the portal's own: its name and address, polite, and no advice to sign up."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import get_template, render_to_string

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
THEIRS = Path(allauth.__file__).parent / "templates"
NAMES = sorted(
    str(path.relative_to(THEIRS)) for app in ("account", "mfa") for path in (THEIRS / app / "email").glob("*.txt")
)
# Only what leads to them is not sent any more in this version of the package.
UNUSED = {"account/email/password_reset_message.txt", "account/email/password_reset_subject.txt"}


def test_a_new_password_is_asked_for_by_a_link_under_the_portal_s_address(client, settings):
    settings.PORTAL_URL = "https://grants.example.org"
    user = UserFactory(email="wang@example.org")
    client.post("/accounts/password/reset/", {"email": user.email}, HTTP_HOST="testserver")
    (sent,) = mail.outbox
    assert sent.subject == "社區補助網：重設密碼"
    assert re.search(r"^https://grants\.example\.org/accounts/password/reset/key/\S+/$", sent.body, re.MULTILINE)
    assert ("testserver" in sent.body, "example.com" in sent.body, "您" in sent.body) == (False, False, True)


def test_an_unknown_address_is_told_whom_to_call_and_not_to_sign_up(client):
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    (sent,) = mail.outbox
    assert "沒有登記在任何帳號" in sent.body
    assert ("signup" in sent.body, "註冊" in sent.body, "打電話給縣政府" in sent.body) == (False, False, True)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNUSED])
def test_no_mail_is_in_the_words_of_the_package(name):
    assert Path(get_template(name).origin.name).is_relative_to(settings.BASE_DIR / "templates")
    text = render_to_string(name, {"current_site": {"name": "SITE", "domain": "SITE"}, "portal_url": "https://p"})
    assert ("SITE" in text, "你" in text) == (False, False)

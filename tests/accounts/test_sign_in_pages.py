"""What the pages of signing in say: what was typed is still there, rules in one voice, devices in plain words."""

import datetime as dt
import re

import pytest
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.urls import reverse

from communities.services import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.templatetags.browsers import browser
from miaoli_kaohsiung.audit.trail import Actor
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Chrome，Windows 電腦"),
        (f"{WINDOWS} Edg/120.0", "Edge，Windows 電腦"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari，iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari/604.1 Line/13.0", "LINE，iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A5360) SamsungBrowser/23 Chrome/115 Safari",
            "三星瀏覽器，Android 手機或平板",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox，Linux 電腦"),
        ("curl/8.0", "不認得的瀏覽器"),
        ("", "不認得的瀏覽器"),
    ],
)
def test_a_browser_in_words(user_agent, words):
    assert browser(user_agent) == words


def words_of_login(client, address):
    return "剛才填的內容還在" in client.get(address).content.decode()


@pytest.mark.django_db
def test_the_sign_in_page_says_that_something_was_kept(client):
    kept = f"{reverse('account_login')}?next={reverse('rescued')}"
    assert words_of_login(client, kept) is False
    client.cookies["rescued"] = "token"
    assert words_of_login(client, kept) is True
    assert words_of_login(client, reverse("account_login")) is False


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_errors_do_not_speak_of_what_was_filled_in(client, name):
    page = client.post(reverse(name), {}).content.decode()
    assert "請先改好這裡" in page
    assert "填過的內容都還在" not in page


def test_the_rules_for_passwords_are_polite():
    rules = re.findall(r"<li>([^<]+)</li>", str(password_validators_help_text_html()))
    assert rules == [
        "不要用您的姓名、帳號或信箱。",
        "至少 12 個字，可以用一句話，例如幾個不相干的詞連在一起。",
        "不要用大家常用的密碼，例如 123456789012。",
        "不要只用縣名、「社區」、「補助」這些字加上數字。",
        "不要用在別的網站用過的密碼。",
    ]


@pytest.mark.django_db
def test_an_invitation_says_from_when_the_office_runs(client, mailoutbox):
    body = OrganisationFactory()
    by = Actor(person(Role.CASE_OFFICER))
    fields = {"office": "chairperson", "person_name": "陳示範"}
    term = terms.record_term(by, body, valid_from=dt.date(2010, 7, 2), valid_to=dt.date(2014, 7, 1), **fields)
    terms.invite(by, term, "chen@example.org")
    address = re.search(r"https?://\S+", mailoutbox[0].body)[0]
    page = client.get(re.sub(r"^https?://[^/]+", "", address)).content.decode()
    assert "99年7月2日起，到103年7月1日" in page

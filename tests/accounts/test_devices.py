"""Whoever owns an account hears of a sign-in with a browser that the account was never used in, and of guesses."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import sign_ins
from miaoli_kaohsiung.accounts.devices import COOKIE
from miaoli_kaohsiung.accounts.models import SignInFailures
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import UserFactory

from .test_sign_ins import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
NEW = "您的帳號剛剛在一台沒有用過的裝置登入"
GUESSED = "有人用錯誤的密碼或驗證碼登入您的帳號"


def comes(client, user):
    """Signs in, opens a page, and signs out."""
    assert sign_in(client, user.username).status_code == 302
    assert client.get(reverse("me")).status_code == 200
    client.post(reverse("account_logout"))


def subjects(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def test_the_first_sign_in_of_all_and_a_known_browser_are_no_news(client):
    user, other = UserFactory(), UserFactory()
    for _turn in range(2):
        comes(client, user)
        comes(client, other)
    # Another day: the mark of whose session it was has run out, the browser knows both.
    client.cookies.pop("was-here")
    comes(client, user)
    assert (subjects(user), subjects(other)) == ([], [])
    assert client.cookies[COOKIE].value.startswith(f"{user.pk}.{other.pk}:")


def test_another_browser_is(client):
    user = UserFactory()
    comes(client, user)
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"})
    with time_machine.travel(dt.datetime(2026, 6, 1, 1, 5, tzinfo=dt.UTC), tick=False):
        comes(elsewhere, user)
    notice = Notice.objects.get(recipient=user)
    assert notice.subject == NEW
    assert notice.body.startswith(
        "時間：09:05，裝置：Firefox，Linux 電腦。是您自己登入的，就不用處理。\n\n如果不是您做的，請立刻打電話"
    )
    comes(elsewhere, user)
    assert subjects(user) == [NEW]


def test_a_browser_that_only_claims_to_be_known_is_not(client):
    user = UserFactory()
    comes(client, user)
    elsewhere = Client()
    elsewhere.cookies[COOKIE] = f"{user.pk}:1:forged"
    comes(elsewhere, user)
    assert subjects(user) == [NEW]


@pytest.mark.parametrize(("counts", "news"), [
    ({"refused": 1}, [GUESSED]),
    ({"codes": 3}, [GUESSED]),
    ({"codes": 2, "passwords": 5}, []),
])  # fmt: skip
def test_guesses_are_news_once_a_day(counts, news):
    user = UserFactory()
    for minute in (2, 3):
        past = clock.now() - dt.timedelta(minutes=minute)
        SignInFailures.objects.create(user=user, minute=past.replace(second=0, microsecond=0), **counts)
    assert sign_ins.record_failures() == 2
    assert subjects(user) == news


def test_guesses_at_no_account_are_nobodys_news():
    SignInFailures.objects.create(user=None, minute=clock.now() - dt.timedelta(minutes=2), refused=9)
    assert sign_ins.record_failures() == 1
    assert not Notice.objects.exists()

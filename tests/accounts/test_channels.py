"""通知管道: a number by its code, a LINE account by its code, what a person allows, and what LINE is answered."""

import base64
import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import channels, line, sweeping
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import ContactCode
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import deliveries, services
from miaoli_kaohsiung.notices.models import Delivery, LineEvent, Reach
from tests.factories.accounts import UserFactory, person

pytestmark = pytest.mark.django_db
PAGE = "/accounts/me/channels/"
NUMBER = "0912345678"
DAY = dt.date(2010, 6, 1)


@pytest.fixture
def user():
    return person(Role.CASE_OFFICER, user=UserFactory(display_name="王示範"))


@pytest.fixture
def browser(user):
    client = Client()
    client.force_login(user)
    return client


def post(browser, act: str, **data):
    return browser.post(reverse("channels-act", args=[act]), data)


def text(answer) -> str:
    return answer.content.decode()


def sent_code(gateway) -> str:
    deliveries.deliver()
    (_number, words) = list(gateway.sms.values())[-1]
    return words.partition("驗證碼 ")[2][:6]


# --- Telephone ---------------------------------------------------------------------------------------------------------------


def test_without_carriers_the_page_says_so_and_nothing_can_be_pressed(browser):
    page = text(browser.get(PAGE))
    assert "縣府還沒有開通簡訊，現在不能登錄手機。" in page
    assert "縣府還沒有開通 LINE，現在不能綁定。" in page
    assert "寄驗證碼" not in page
    assert "縣府還沒有開通簡訊。" in text(post(browser, "phone", phone=NUMBER))
    assert not Delivery.objects.exists()


def test_a_number_counts_once_its_code_was_typed_in(gateway, browser, user):
    assert post(browser, "phone", phone="0912-345-678").status_code == 302
    assert channels.reach_of(user).number == ""
    code = sent_code(gateway)
    assert "驗證碼已經寄到 0912345678" in text(browser.get(PAGE))
    wrong = post(browser, "code", code=f"{(int(code) + 1) % 10**6:06d}")
    assert (wrong.status_code, "驗證碼不對" in text(wrong)) == (422, True)
    assert post(browser, "code", code=code).status_code == 302
    assert channels.reach_of(user).number == NUMBER
    entry = AuditEntry.objects.get(action="account.confirm_phone")
    assert (entry.after, entry.actor_name) == ({"phone": "…678"}, "王示範")
    assert not AuditEntry.objects.filter(after__icontains=NUMBER).exists()
    assert Delivery.objects.get().text == ""
    # Used once.
    assert "已經過期" in text(post(browser, "code", code=code))
    post(browser, "phone-end")
    assert channels.reach_of(user).phone == ""


@pytest.mark.parametrize(
    ("typed", "sentence"), [("037-322150", "簡訊只能寄到手機"), ("一二三", "電話請填數字"), ("", "還沒有填")]
)
def test_a_number_that_takes_no_messages_is_refused_at_its_field(gateway, browser, typed, sentence):
    answer = post(browser, "phone", phone=typed)
    assert (answer.status_code, sentence in text(answer), typed in text(answer)) == (422, True, True)
    assert not Delivery.objects.exists()


def test_five_wrong_codes_and_ten_minutes_end_a_code(gateway, browser, user, monkeypatch):
    post(browser, "phone", phone=NUMBER)
    code = sent_code(gateway)
    for _try in range(channels.MAX_TRIES):
        post(browser, "code", code="x")
    assert "已經過期" in text(post(browser, "code", code=code))
    post(browser, "phone", phone=NUMBER)
    code, now = sent_code(gateway), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=11))
    assert "已經過期" in text(post(browser, "code", code=code))
    assert channels.reach_of(user).number == ""


def test_codes_by_sms_are_limited(gateway, browser):
    answers = [post(browser, "phone", phone=f"09123456{number:02d}").status_code for number in range(7)]
    assert answers == [302] * 6 + [429]


# --- What a person allows ----------------------------------------------------------------------------------------------------


def test_what_is_allowed_is_kept_and_in_the_trail(browser, user):
    browser.post(PAGE, {"email": "on", "line": "on"})
    reach = channels.reach_of(user)
    assert (reach.email, reach.sms, reach.line) == (True, False, True)
    entry = AuditEntry.objects.get(action="account.choose_channels")
    assert (entry.before, entry.after) == ({"sms": True}, {"sms": False})
    browser.post(PAGE, {"email": "on", "line": "on"})
    assert AuditEntry.objects.filter(action="account.choose_channels").count() == 1


# --- LINE --------------------------------------------------------------------------------------------------------------------


def event(words: str, token: str = "token-1", line_id: str = "U1", kind: str = "message", **more) -> dict:
    found = {
        "type": kind,
        "webhookEventId": more.pop("event_id", f"{token}-{words}"),
        "replyToken": token,
        "source": {"type": "user", "userId": line_id},
        "message": {"type": "text", "text": words},
    }
    return found | more


def report(*events: dict, secret: str = "a-secret", signature: str | None = None):
    body = json.dumps({"destination": "U0", "events": list(events)}).encode()
    drawn = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"X-Line-Signature": drawn if signature is None else signature}
    answer = Client(enforce_csrf_checks=True).post(
        "/line/webhook/", body, content_type="application/json", headers=headers
    )
    line.answer()
    return answer.status_code


@pytest.fixture
def bound(user):
    return Reach.objects.create(user=user, line_id="U1", line_bound_at=clock.now())


def test_a_line_account_is_bound_by_the_code_of_the_persons_page(gateway, browser, user):
    post(browser, "line")
    code = channels.code_of(channels.open_code(user, ContactCode.LINE))
    assert code in text(browser.get(PAGE))
    assert report(event(f"{code[:4]} {code[4:]}")) == 200
    assert channels.reach_of(user).line_id == "U1"
    assert gateway.replies["token-1"][0].startswith("綁定完成")
    assert AuditEntry.objects.get(action="account.bind_line").actor_name == "王示範"
    assert code not in text(browser.get(PAGE))
    # The code is used up, and what was written is not kept.
    assert report(event(code, "token-2", "U2")) == 200
    assert "不對，或已經過期" in gateway.replies["token-2"][0]
    assert set(LineEvent.objects.values_list("text", flat=True)) == {""}
    post(browser, "line-end")
    assert channels.reach_of(user).line_id is None


def test_a_line_account_belongs_to_one_person(gateway, user, bound):
    other = person(Role.APPROVER)
    code = channels.code_of(channels.ask_line(other))
    report(event(code))
    assert "已經綁定另一個帳號" in gateway.replies["token-1"][0]
    assert channels.reach_of(other).line_id is None


def test_guessing_codes_is_stopped(gateway, user):
    for number in range(line.MOST_WRONG):
        report(event(f"{number:08d}", f"token-{number}"))
    code = channels.code_of(channels.ask_line(user))
    report(event(code, "token-last"))
    assert "代碼錯太多次" in gateway.replies["token-last"][0]
    assert channels.reach_of(user).line_id is None


@pytest.mark.parametrize("sent", [{"secret": "another"}, {"signature": ""}, {"signature": "一"}])
def test_what_line_did_not_sign_is_refused(gateway, bound, sent):
    assert report(event("你好"), **sent) == 403
    assert not LineEvent.objects.exists()


def test_without_settings_nothing_is_signed(bound):
    assert report(event("你好"), secret="") == 403


def test_whoever_writes_reads_what_is_to_be_done_and_nothing_personal(gateway, user, bound):
    for number in (1, 2):
        services.notify(
            user, "reminder.day", f"case:{number}", DAY, f"主旨 甲社區發展協會{number}", "內容", "/awards/1/",
            at_once=False, channels=("line",), short=f"88-099-000{number} 請送結報",
        )  # fmt: skip
    services.notify(user, "award", "award:1", DAY, "核定 乙社區發展協會", "內容")
    report(event("你好"))
    (answer,) = gateway.replies["token-1"]
    assert answer == (
        "・88-099-0001 請送結報\n・88-099-0002 請送結報\n還有 1 則通知，登入後可以看。\nhttp://127.0.0.1:8000"
    )
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert gateway.pushes == {}


def test_an_event_that_is_reported_twice_is_answered_once(gateway, bound):
    report(event("你好", event_id="1"))
    report(event("你好", "token-2", event_id="1"))
    assert list(gateway.replies) == ["token-1"]


def test_an_answer_that_does_not_arrive_leaves_the_texts_waiting(gateway, user, bound):
    services.notify(user, "reminder.day", "case:1", DAY, "主旨", "內容", channels=("line",), short="請送")
    gateway.answers = [500]
    report(event("你好"))
    assert Delivery.objects.get().state == "waiting"
    report(event("喂", "token-2"))
    assert (Delivery.objects.get().state, "・請送" in gateway.replies["token-2"][0]) == ("sent", True)


def test_a_stranger_a_group_and_odd_bodies_learn_nothing(gateway, bound):
    report(event("你好", line_id="U9"))
    assert "取得 8 位數代碼" in gateway.replies["token-1"][0]
    report(event("你好", "token-2", source={"type": "group", "groupId": "C1", "userId": "U1"}), event("", kind="join"))
    assert list(gateway.replies) == ["token-1"]
    assert line.receive(b"no json") == line.receive(b"[1]") == line.receive(b'{"events": [1, {}]}') == 0


def test_whoever_blocks_the_account_or_switched_line_off_is_left_alone(gateway, user, bound):
    Reach.objects.update(line=False)
    report(event("你好"))
    assert "取得 8 位數代碼" in gateway.replies["token-1"][0]
    report(event("", "token-2", kind="unfollow"))
    assert channels.reach_of(user).line_id is None


def test_codes_and_events_are_swept_away(gateway, user, bound, monkeypatch):
    channels.ask_phone(user, NUMBER)
    report(event("你好"))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=31))
    assert sweeping.sweep()["contacts"] == 3


# --- The short link ----------------------------------------------------------------------------------------------------------


def test_the_short_link_leads_the_recipient_alone_to_the_page(browser, user):
    notice = services.notify(user, "reminder.day", "case:1", DAY, "主旨", "內容", "/desk/late_return/")
    address = reverse("notice-go", args=[notice.pk])
    assert browser.get(address).url == "/desk/late_return/"
    other = Client()
    other.force_login(person(Role.APPROVER))
    assert other.get(address).status_code == 404
    assert Client().get(address).url == f"/accounts/login/?next={address}"

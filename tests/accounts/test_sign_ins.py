"""Who signs in and out, fails, is locked, or changes what opens the account: all of it stands in the trail (R15, R27)."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import locks, sign_ins
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import SignInFailures, User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
PASSWORD = "demo-88-2010"
BETTER = "鹿野-88-2010-good"


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def entries() -> list[tuple]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", "actor_id", "object_type", "object_id"))


def own(action, user):
    return (action, user.pk, "accounts.user", str(user.pk))


# --- One account, one hash, one count ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["somebody", "somebody@example.org", "nobody", "nobody@example.org", "a@b\x00"])
def test_whatever_was_typed_costs_one_hash(client, monkeypatch, login):
    UserFactory(username="somebody", email="somebody@example.org")
    made = []
    own_encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *args, **kwargs: made.append(1) or own_encode(*args, **kwargs)
    )
    assert sign_in(client, login, "wrong").status_code == 200
    assert len(made) == (0 if "\x00" in login else 1)


def test_a_name_and_its_address_are_counted_together(client):
    user = UserFactory(username="somebody", email="somebody@example.org")
    for login in ("somebody", "somebody@example.org", "SOMEBODY", "Somebody@Example.ORG", "somebody"):
        assert "請等" not in str(sign_in(client, login, "wrong").context["form"].errors)
    for login in ("somebody", "somebody@example.org"):
        assert "請等 5 分鐘" in str(sign_in(client, login).context["form"].errors)
    assert locks.is_locked(user)


def test_another_host_is_no_second_count(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    UserFactory(username="somebody")
    for number in range(5):
        values = {"login": "somebody", "password": "wrong"}
        client.post(reverse("account_login"), values, headers={"host": ("testserver", "other.example")[number % 2]})
    assert "請等 5 分鐘" in str(sign_in(client, "somebody").context["form"].errors)


def test_the_address_of_the_account_alone_signs_in(client):
    """django-allauth's own table of addresses would let an earlier one in."""
    user = UserFactory(username="somebody", email="old@example.org")
    assert sign_in(client, "old@example.org").status_code == 302
    assert not EmailAddress.objects.exists()
    User.objects.filter(pk=user.pk).update(email="new@example.org")
    assert sign_in(Client(), "old@example.org").status_code == 200
    assert sign_in(Client(), "new@example.org").status_code == 302


# --- What the trail keeps -----------------------------------------------------------------------------------------------------------


def test_coming_and_going_stand_in_the_trail(client):
    user = person(Role.CASE_OFFICER)
    sign_in(client, user.username)
    client.post(reverse("account_logout"))
    assert entries() == [own("account.sign_in", user), own("account.sign_out", user)]
    assert AuditEntry.objects.latest("seq").post_label == "高雄縣 縣府承辦人"


def test_a_session_that_was_left_alone_is_ended_in_the_trail(client, settings):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    settings.SESSION_IDLE_SECONDS = -1
    assert client.get(reverse("me")).status_code == 302
    assert entries() == [own("account.session_ended", user)]


def test_failures_become_one_entry_a_minute_and_account(client):
    user = UserFactory(username="somebody", email="somebody@example.org")
    start = dt.datetime(2026, 6, 1, 1, 0, 5, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as now:
        for number in range(30):
            sign_in(client, ("somebody", "somebody@example.org")[number % 2], f"my-secret-{number}")
        for number in range(20):
            sign_in(client, f"typed-name-{number}", "wrong")
        assert sign_ins.record_failures() == 0, "the minute is not over"
        now.move_to(start + dt.timedelta(minutes=1))
        assert (sign_ins.record_failures(), sign_ins.record_failures()) == (2, 0)
    rows = {entry.object_type: entry for entry in AuditEntry.objects.all()}
    known, unknown = rows["accounts.user"], rows["accounts.signinfailures"]
    assert (known.action, known.object_id, known.actor_id) == ("account.sign_in_locked", str(user.pk), None)
    assert (known.after["passwords"], known.after["refused"]) == (5, 25)
    assert (unknown.action, unknown.object_label, unknown.after["passwords"]) == (
        "account.sign_in_failed",
        "沒有這個帳號",
        20,
    )
    assert "typed-name" not in str(list(AuditEntry.objects.values()))
    assert "secret" not in str(list(AuditEntry.objects.values()))
    assert not SignInFailures.objects.exists()


def test_a_changed_password_is_recorded_and_told(client):
    user = UserFactory()
    sign_in(client, user.username)
    values = {"oldpassword": PASSWORD, "password1": BETTER, "password2": BETTER}
    client.post(reverse("account_change_password"), values)
    assert own("account.change_password", user) in entries()
    assert [notice.subject for notice in Notice.objects.filter(recipient=user)] == ["您的密碼剛剛變更了"]


def reset_link(mailoutbox) -> str:
    words = mailoutbox[-1].body.split()
    return next(urlsplit(word).path for word in words if "/key/" in word)


def test_a_password_set_anew_by_mail_opens_the_lock_and_is_recorded(client, mailoutbox):
    user = UserFactory(username="somebody", email="somebody@example.org")
    for _number in range(6):
        sign_in(client, "somebody", "wrong")
    assert locks.is_locked(user)
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(reset_link(mailoutbox)).url
    assert client.post(form, {"password1": BETTER, "password2": BETTER}).status_code == 302
    assert own("account.reset_password", user) in entries()
    assert not locks.is_locked(user)
    assert sign_in(client, "somebody", BETTER).status_code == 302


@pytest.mark.parametrize("address", ["somebody@example.org", "nobody@example.org"])
def test_ten_mails_a_day_to_one_address_and_no_more(client, mailoutbox, address):
    UserFactory(email="somebody@example.org")
    start = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as now:
        for number in range(12):
            now.move_to(start + dt.timedelta(minutes=30 * number))
            answer = client.post(reverse("account_reset_password"), {"email": address})
        assert (answer.status_code, answer["Retry-After"]) == (429, "86400")
        assert "請明天再試" in answer.content.decode()
        assert len(mailoutbox) == 10
        now.move_to(start + dt.timedelta(days=1, hours=6))
        assert client.post(reverse("account_reset_password"), {"email": address}).status_code == 302


# --- The second factor --------------------------------------------------------------------------------------------------------------


def codes(secret, moment):
    """The codes that are right in the half minute of `moment`, before and after it."""
    now = int(moment.timestamp()) // 30
    return [format_hotp_value(hotp_value(secret, now + turn)) for turn in (-1, 0, 1)]


START = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def now():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second_factor(client, run_on_commit, now):
    """Somebody who has just set up a second factor; answers the person, the secret and the code that did it."""
    user = UserFactory()
    sign_in(client, user.username)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = codes(secret, START)[1]
    with run_on_commit():
        assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    return user, secret, code


def offer(user, code):
    other = Client()
    assert sign_in(other, user.username).url == reverse("mfa_authenticate")
    return other.post(reverse("mfa_authenticate"), {"code": code}).status_code


def test_the_code_that_set_it_up_signs_nobody_in(second_factor):
    user, secret, code = second_factor
    assert offer(user, code) == 200
    assert offer(user, codes(secret, START)[2]) == 302


def test_a_code_is_taken_once_for_as_long_as_it_is_right(second_factor, now):
    user, secret, _code = second_factor
    coming = codes(secret, START)[2]
    assert offer(user, coming) == 302
    # The same code is right for another minute and a half; django-allauth forgets it after half a minute.
    now.move_to(START + dt.timedelta(seconds=45))
    assert offer(user, coming) == 200


def test_the_second_factor_leaves_entries(client, second_factor, run_on_commit):
    user, _secret, _code = second_factor
    with run_on_commit():
        client.post(reverse("mfa_deactivate_totp"))
    found = [action for action, *_rest in entries() if "factor" in action]
    assert found == ["account.add_factor", "account.add_factor", "account.remove_factor", "account.remove_factor"]
    subjects = set(Notice.objects.filter(recipient=user).values_list("subject", flat=True))
    assert subjects == {"您的帳號剛剛加上了兩步驟驗證", "您的兩步驟驗證剛剛關閉了"}


def test_wrong_codes_are_counted_in_the_trail(second_factor):
    user, _secret, _code = second_factor
    assert [offer(user, "000000") for _number in range(3)] == [200] * 3
    SignInFailures.objects.update(minute=clock.now() - dt.timedelta(minutes=2))
    sign_ins.record_failures()
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.object_id, entry.after["codes"]) == ("account.sign_in_failed", str(user.pk), 3)


# --- What an administrator can do ------------------------------------------------------------------------------------------------------


def test_an_administrator_opens_a_lock(client):
    user, admin = UserFactory(username="somebody"), person(Role.ADMINISTRATOR, county="")
    stranger = Client()
    page = reverse("communities:person", args=[user.pk])
    client.force_login(admin)
    assert "解除鎖定" not in client.get(page).content.decode()
    for _number in range(6):
        sign_in(stranger, "somebody", "wrong")
    assert "解除鎖定" in client.get(page).content.decode()
    assert client.post(reverse("communities:person-unlock", args=[user.pk])).status_code == 302
    assert entries() == [("account.clear_lock", admin.pk, "accounts.user", str(user.pk))]
    assert sign_in(stranger, "somebody").status_code == 302


def test_sessions_of_a_closed_account_never_live_again(client):
    admin, user = person(Role.ADMINISTRATOR, county=""), person(Role.CASE_OFFICER)
    old = Client()
    old.force_login(user)
    assert old.get(reverse("me")).status_code == 200
    client.force_login(admin)
    for active in ("no", "yes"):
        client.post(reverse("communities:person-active", args=[user.pk]), {"active": active})
    assert old.get(reverse("me")).status_code == 302
    anew = Client()
    anew.force_login(User.objects.get(pk=user.pk))
    assert anew.get(reverse("me")).status_code == 200


def test_sessions_ended_from_another_device_are_recorded(client):
    user = UserFactory(username="somebody")
    other = Client()
    sign_in(other, "somebody")
    sign_in(client, "somebody")
    assert client.post(reverse("usersessions_list")).status_code == 302
    assert other.get(reverse("me")).status_code == 302
    assert own("account.end_sessions", user) in entries()
    assert AuditEntry.objects.get(action="account.end_sessions").after == {"sessions": 1}

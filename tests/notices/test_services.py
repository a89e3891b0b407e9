import datetime as dt
from smtplib import SMTPServerDisconnected
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.db.models import Value
from kombu.exceptions import OperationalError

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import queries, services, tasks
from miaoli_kaohsiung.notices.models import EmailState, Notice
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2010, 6, 1)


@pytest.fixture
def person():
    return UserFactory(display_name="王示範", email="wang@example.org")


@pytest.fixture(autouse=True)
def bell(monkeypatch):
    monkeypatch.setattr(services, "_silent_until", 0.0)
    with mock.patch.object(services.current_app, "send_task") as rung:
        yield rung


def tell(person, kind="settlement-due", key="award:1", due_on=DAY, **values) -> Notice:
    words = {"subject": "結報期限還有 14 天", "body": "請於期限前結報。", "url": "/awards/1/"} | values
    return services.notify(person, kind, key, due_on, **words)


def make_due() -> None:
    """As if the wait between two attempts were over."""
    Notice.objects.update(next_attempt_at=clock.now())


def smtp_fails(error: Exception):
    return mock.patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=error)


def test_told_once(person):
    first = tell(person)
    again = tell(person, subject="別的主旨")
    assert (again.pk, again.subject) == (first.pk, "結報期限還有 14 天")
    others = [
        tell(UserFactory()),
        tell(person, kind="receipt"),
        tell(person, key="award:2"),
        tell(person, due_on=clock.today() + dt.timedelta(1)),
    ]
    assert len({first.pk, *(notice.pk for notice in others)}) == 5
    assert Notice.objects.count() == 5


def test_a_mail_goes_out_once_with_its_words_and_message_id(person):
    notice = tell(person)
    assert services.deliver_pending() == 1
    assert services.deliver_pending() == 0
    notice.refresh_from_db()
    assert (notice.email_state, notice.attempts, notice.last_error) == (EmailState.SENT, 1, "")
    assert notice.email_sent_at >= notice.created_at
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("結報期限還有 14 天", ["wang@example.org"])
    assert sent.extra_headers == {"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"}
    assert sent.body == (
        "王示範，您好：\n\n請於期限前結報。\n\n請由此查看：\nhttp://127.0.0.1:8000/awards/1/\n\n--\n社區補助網\n"
        "這封信由系統寄出，請勿直接回信。\n"
    )
    assert sent.message()["Message-ID"] == notice.message_id


def test_words_are_not_escaped_and_a_subject_is_one_line(person):
    tell(person, subject="甲\r\nBcc: x@example.org\n乙", body="<b> & 「引號」", url="")
    services.deliver_pending()
    assert mail.outbox[0].subject == "甲 Bcc: x@example.org 乙"
    assert "<b> & 「引號」\n\n--" in mail.outbox[0].body


def test_a_failed_mail_waits_and_keeps_its_message_id(person):
    notice = tell(person)
    with smtp_fails(SMTPServerDisconnected("gone")):
        assert services.deliver_pending() == 0
        assert services.deliver_pending() == 0
    notice.refresh_from_db()
    assert (notice.email_state, notice.attempts, notice.last_error) == (
        EmailState.PENDING,
        1,
        "SMTPServerDisconnected('gone')",
    )
    assert dt.timedelta(seconds=50) < notice.next_attempt_at - clock.now() <= dt.timedelta(minutes=1)
    make_due()
    assert services.deliver_pending() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == notice.message_id
    notice.refresh_from_db()
    assert (notice.email_state, notice.attempts, notice.last_error) == (EmailState.SENT, 2, "")


def test_the_wait_grows_and_ends_after_twenty_attempts(person):
    notice = tell(person)
    waits = []
    with smtp_fails(OSError("no route")):
        for _attempt in range(services.MAX_ATTEMPTS):
            assert notice.email_state == EmailState.PENDING
            make_due()
            services.deliver_pending()
            notice.refresh_from_db()
            waits.append(round((notice.next_attempt_at - clock.now()).total_seconds() / 60))
    assert waits == [1, 5, 15, 60, 180, *[360] * 15]
    assert (notice.email_state, notice.attempts) == (EmailState.FAILED, 20)
    with transaction.atomic():
        assert services.retry_failed() == [notice]
    assert services.deliver_pending() == 1


def test_one_mail_that_cannot_be_sent_does_not_hold_up_the_others(person):
    broken = tell(UserFactory(email="broken@example.org"))
    # As an expression, since the column itself keeps no line break.
    Notice.objects.filter(pk=broken.pk).update(address=Value("broken@example.org\nBcc: x@example.org"))
    fine = tell(person)
    assert services.deliver_pending() == 1
    assert [Notice.objects.get(pk=pk).email_state for pk in (broken.pk, fine.pk)] == [
        EmailState.PENDING,
        EmailState.SENT,
    ]


def test_somebody_without_an_address_reads_it_on_the_screen():
    notice = tell(UserFactory(email=""))
    assert services.deliver_pending() == 0
    notice.refresh_from_db()
    assert (notice.email_state, notice.attempts) == (EmailState.NO_ADDRESS, 0)


def test_the_limit_is_kept(person):
    for number in range(3):
        tell(person, key=f"award:{number}")
    assert [services.deliver_pending(limit=2), services.deliver_pending(limit=2)] == [2, 1]


def test_the_bell_rings_once_a_transaction_and_only_for_what_is_new(person, bell, run_on_commit):
    with run_on_commit():
        for number in range(3):
            tell(person, key=f"award:{number}")
    bell.assert_called_once_with("notices.deliver")
    with run_on_commit():
        tell(person, key="award:0")
    assert bell.call_count == 1
    assert tasks.deliver_notices.name == "notices.deliver"
    assert tasks.deliver_notices() == 3


def test_no_bell_for_what_was_rolled_back(person, bell, run_on_commit):
    with run_on_commit(), pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(person)
        raise ZeroDivisionError
    assert (bell.call_count, Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize("error", [OperationalError("no broker"), OSError("no folder"), UnboundLocalError("kombu")])
def test_a_broker_that_is_down_fails_nothing_and_the_sweep_delivers(person, bell, run_on_commit, error):
    bell.side_effect = error
    with run_on_commit():
        for number in range(3):
            tell(person, key=f"award:{number}")
    assert bell.call_count == 1
    assert Notice.objects.filter(email_state=EmailState.PENDING).count() == 3
    assert services.deliver_pending() == 3


def test_a_broker_that_is_down_is_left_alone_for_half_a_minute(bell, monkeypatch):
    bell.side_effect = OperationalError("no broker")
    services._ring()
    services._ring()
    assert bell.call_count == 1
    monkeypatch.setattr(services, "_silent_until", services._silent_until - services._SILENCE)
    services._ring()
    assert bell.call_count == 2


def test_mark_read_is_for_the_reader_alone(person):
    mine, theirs = tell(person), tell(UserFactory())
    assert [n.pk for n in queries.unread_for(person)] == [mine.pk]
    assert services.mark_read(person, Notice.objects.all()) == 1
    assert services.mark_read(person, Notice.objects.all()) == 0
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.read_at is None, theirs.read_at is None) == (False, True)
    assert list(queries.unread_for(person)) == []


def test_mail_that_waits_goes_out_although_the_clock_was_set_back(person):
    later = dt.datetime(2026, 6, 2, 1, 0, tzinfo=dt.UTC)
    with time_machine.travel(later, tick=False):
        tell(person)
    with time_machine.travel(later - dt.timedelta(days=1), tick=False):
        assert services.deliver_pending() == 1
    assert Notice.objects.get().email_state == EmailState.SENT


def test_a_mail_can_go_to_the_address_that_was_the_persons_until_now(person):
    tell(person, address="old@example.org")
    tell(person, kind="other")
    assert services.deliver_pending() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["old@example.org", "wang@example.org"]

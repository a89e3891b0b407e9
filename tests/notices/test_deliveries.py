"""Texts by SMS and LINE: one row a notice and channel, claimed, tried again, never sent twice, and nothing is lost."""

import datetime as dt

import pytest
from django.core import mail

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import deliveries, services
from miaoli_kaohsiung.notices.models import Delivery, EmailState, Notice, Reach
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2010, 6, 1)
ALL = ("email", "sms", "line")
NOON = dt.datetime(2026, 11, 30, 12, tzinfo=clock.TAIPEI)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The real time, which tests move."""
    now = [NOON]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return lambda minutes: now.__setitem__(0, now[0] + dt.timedelta(minutes=minutes))


@pytest.fixture
def person():
    user = UserFactory(email="wang@example.org")
    Reach.objects.create(
        user=user, phone="0912345678", phone_confirmed_at=clock.now(), line_id="U1", line_bound_at=clock.now()
    )
    return user


def remind(person, channels=ALL, key="case:1", **more) -> Notice:
    more = {"at_once": False, "short": "88-099-0001 請送結報", "channels": channels} | more
    return services.notify(person, "reminder.day", key, DAY, "主旨", "內容", "/awards/1/", **more)


def states() -> dict[str, str]:
    return dict(Delivery.objects.order_by("channel").values_list("channel", "state"))


def test_a_text_holds_the_few_words_and_a_short_link(gateway, person):
    notice = remind(person, ("sms",))
    assert deliveries.deliver() == 1
    assert list(gateway.sms.values()) == [("0912345678", f"88-099-0001 請送結報 http://127.0.0.1:8000/n/{notice.pk}/")]
    assert (states(), notice.email_state) == ({"sms": "sent"}, EmailState.NOT_ASKED)
    remind(person, ("sms",))
    assert (deliveries.deliver(), len(gateway.sms)) == (0, 1)


def test_replies_wait_for_the_person_and_the_mail_goes_on(gateway, person):
    notice = remind(person, ("line",))
    assert (states(), notice.email_state, deliveries.deliver()) == ({"line": "waiting"}, EmailState.QUEUED, 0)


def test_pushes_stop_at_the_months_number_and_then_wait(gateway, person, settings):
    settings.LINE_PUSHES_A_MONTH = 1
    for key in ("case:1", "case:2"):
        assert remind(person, ("line",), key).email_state == EmailState.NOT_ASKED
    assert deliveries.deliver() == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "waiting"]
    assert len(gateway.pushes) == 1


@pytest.mark.parametrize(
    ("change", "wanted", "made"),
    [
        ({}, ALL, {"line": "waiting", "sms": "pending"}),
        ({"sms": False}, ALL, {"line": "waiting"}),
        ({"line": False, "phone_confirmed_at": None}, ALL, {}),
        ({}, ("email",), {}),
        ({}, (), {}),
    ],
)
def test_only_what_the_person_proved_and_allows_is_used(gateway, person, change, wanted, made):
    Reach.objects.update(**change)
    notice = remind(person, wanted)
    assert (states(), notice.email_state) == (made, EmailState.QUEUED)


def test_who_wants_no_mail_gets_none_and_has_the_screen(gateway, person):
    Reach.objects.update(email=False, sms=False, line=False)
    assert remind(person).email_state == EmailState.NOT_ASKED
    assert services.make_digests(DAY) == 0
    # What is no reminder is mailed in any case.
    assert services.notify(person, "award", "award:1", DAY, "核定", "內容").email_state == EmailState.PENDING


def test_a_channel_that_is_not_configured_becomes_mail(person):
    assert remind(person, ("sms", "line")).email_state == EmailState.QUEUED
    assert states() == {}


def test_an_answer_that_is_lost_is_asked_for_again_and_the_text_goes_once(gateway, person, noon):
    remind(person, ("sms",))
    gateway.lost = 1
    assert (deliveries.deliver(), states()) == (0, {"sms": "pending"})
    noon(1)
    assert (deliveries.deliver(), len(gateway.sms), states()) == (1, 1, {"sms": "sent"})


def test_a_worker_that_was_killed_after_asking_asks_again_with_the_same_key(gateway, person, noon):
    remind(person, ("sms",))
    row = deliveries._claim()
    deliveries._send(row)
    assert (deliveries.deliver(), states()) == (0, {"sms": "sending"})
    noon(5)
    assert (deliveries.deliver(), len(gateway.sms), states()) == (1, 1, {"sms": "sent"})


def test_what_is_refused_for_good_is_mailed_instead(gateway, person):
    gateway.answers = [422]
    notice = remind(person, ("sms",))
    assert (deliveries.deliver(), states()) == (0, {"sms": "failed"})
    assert (services.make_digests(DAY), services.deliver_pending()) == (1, 1)
    assert mail.outbox[0].subject == "主旨"
    notice.refresh_from_db()
    assert notice.email_state == EmailState.DIGESTED


def test_a_gateway_that_is_down_is_asked_for_some_hours_and_then_the_mail_goes(gateway, person, noon):
    gateway.answers = [503] * 99
    remind(person, ("sms",))
    asked = 0
    while states() != {"sms": "failed"}:
        asked += 1
        deliveries.deliver()
        noon(360)
        assert asked < 20
    # The carrier knows a key for a day: later than that nobody asks.
    assert (asked, Notice.objects.get().email_state) == (5, EmailState.QUEUED)
    assert len(gateway.answers) == 95


def test_what_is_done_is_not_sent_any_more(gateway, person, settings):
    remind(person)
    services.close(["case:1"])
    assert (states(), deliveries.deliver()) == ({"line": "not_needed", "sms": "not_needed"}, 0)


def test_a_repeat_takes_the_earlier_text_back(gateway, person):
    for kind in ("reminder.day", "reminder.after"):
        services.notify(
            person,
            kind,
            "case:1",
            DAY,
            "主旨",
            "內容",
            at_once=False,
            repeats="reminder.",
            channels=("sms",),
            short="請送",
        )
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["not_needed", "pending"]
    assert Notice.objects.get(closed_at=None).times == 2


@pytest.mark.parametrize(
    ("hour", "sent_on"),
    [(8, (30, 9)), (9, (30, 9)), (12, (30, 12)), (19, (30, 19)), (20, (1, 9)), (23, (1, 9)), (0, (30, 9))],
)
def test_no_telephone_rings_at_night(hour, sent_on):
    found = deliveries.polite(NOON.replace(hour=hour))
    assert (found.day, found.hour) == sent_on

"""Notices that are over, reminders as one line, and one mail a day."""

import datetime as dt

import pytest
from django.core import mail

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import queries, services
from miaoli_kaohsiung.notices.models import DIGEST, EmailState, Notice
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2010, 6, 1)


@pytest.fixture
def person():
    return UserFactory(display_name="王示範", email="wang@example.org")


def tell(person, number=1, **more) -> Notice:
    kind, key = more.pop("kind", "case"), more.pop("key", f"case:{number}")
    words = (f"主旨{number}", f"內容{number}", f"/awards/{number}/")
    return services.notify(person, kind, key, DAY, *words, **{"at_once": False} | more)


def states():
    return dict(Notice.objects.values_list("subject", "email_state"))


def test_several_notices_are_one_mail_that_goes_out_once(person):
    for number in (1, 2, 3):
        tell(person, number)
    assert services.deliver_pending() == 0
    assert (services.make_digests(DAY), services.deliver_pending()) == (1, 1)
    (sent,) = mail.outbox
    assert sent.subject == "今天有 3 件事：主旨1等"
    assert [sent.body.count(f"內容{n}\nhttp://127.0.0.1:8000/awards/{n}/") for n in (1, 2, 3)] == [1, 1, 1]
    assert (services.make_digests(DAY), services.deliver_pending()) == (0, 0)


def test_a_single_notice_goes_in_its_own_words(person):
    tell(person)
    services.make_digests(DAY)
    services.deliver_pending()
    assert mail.outbox[0].subject == "主旨1"
    assert mail.outbox[0].body.startswith("王示範，您好：\n\n內容1\n\n請由此查看：\nhttp://127.0.0.1:8000/awards/1/\n")


def test_what_comes_after_the_day_s_mail_waits_for_the_next_day(person):
    tell(person, 1)
    services.make_digests(DAY)
    tell(person, 2)
    assert services.make_digests(DAY) == 0
    assert services.make_digests(DAY + dt.timedelta(days=1)) == 1
    assert set(Notice.objects.filter(kind=DIGEST).values_list("due_on", flat=True)) == {DAY, dt.date(2010, 6, 2)}


def test_what_is_urgent_does_not_wait_for_it(person):
    tell(person, at_once=True)
    assert (services.deliver_pending(), services.make_digests(DAY)) == (1, 0)


def test_the_mail_of_a_day_is_no_line_of_the_inbox(person):
    tell(person)
    services.make_digests(DAY)
    assert [notice.subject for notice in queries.notices_of(person)] == ["主旨1"]


def test_what_is_over_is_not_mailed_any_more(person):
    tell(person, 1, thread="award:1")
    tell(person, 2, thread="award:1", at_once=True)
    tell(person, 3)
    assert services.close(["award:1"]) == 2
    assert services.close(["award:1"]) == 0
    # What goes out at once confirms something that has happened.
    assert states() == {"主旨1": EmailState.NOT_NEEDED, "主旨2": EmailState.PENDING, "主旨3": EmailState.QUEUED}
    assert [notice.subject for notice in queries.current_of(person)] == ["主旨3"]


def test_what_is_told_again_in_the_same_words_is_open_again(person):
    first = tell(person, at_once=True)
    services.deliver_pending()
    services.close(["case:1"])
    again = tell(person, at_once=True)
    assert (again.pk, again.closed_at, again.read_at) == (first.pk, None, None)
    assert again.message_id != first.message_id
    assert (services.deliver_pending(), len(mail.outbox)) == (1, 2)


def test_a_reminder_told_again_is_one_line_that_grows_older(person):
    tell(person, kind="reminder.day", thread="award:1", repeats="reminder.")
    tell(person, kind="other", thread="award:1")
    with clock.travel(DAY + dt.timedelta(days=7)):
        tell(person, kind="reminder.after", thread="award:1", repeats="reminder.")
        # Told twice in the same run, it counts once.
        tell(person, kind="reminder.after", thread="award:1", repeats="reminder.")
    tell(UserFactory(), kind="reminder.after", thread="award:1", repeats="reminder.")
    rows = queries.current_of(person).order_by("kind").values_list("kind", "first_on", "times")
    assert list(rows) == [("other", DAY, 1), ("reminder.after", DAY, 2)]
    assert Notice.objects.get(kind="reminder.day").email_state == EmailState.NOT_NEEDED


def test_a_long_mail_names_thirty_and_says_how_many_more(person):
    for number in range(1, services.LISTED + 3):
        tell(person, number)
    services.make_digests(DAY)
    body = Notice.objects.get(kind=DIGEST).body
    assert (body.count("/awards/"), "另有 2 件，請到「通知」查看。" in body) == (services.LISTED, True)


def test_nobody_without_a_notice_gets_a_mail(person):
    assert services.make_digests(DAY) == 0

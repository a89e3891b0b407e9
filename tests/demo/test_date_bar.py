"""The bar that moves the demonstration's date."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.models import Deadline
from miaoli_kaohsiung.demo import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import JobRun, Notice
from tests.factories.money import approved, county, member

pytestmark = [pytest.mark.django_db, pytest.mark.real_date]
START = dt.date(2010, 6, 1)


@pytest.fixture(autouse=True)
def trial(settings):
    settings.DEMO = True
    clock.set_portal_date(START)


@pytest.fixture
def post(client):
    return lambda **fields: client.post(reverse("demo_date"), fields, follow=False)


def shown(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_one_day_on(post):
    answer = post(days="1", next="/notices/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/?page=2")
    assert clock.today() == dt.date(2010, 6, 2)
    assert list(JobRun.objects.values_list("period", flat=True)) == ["2010-06-02"]
    assert shown(answer) == ["系統日期前進到 99年6月2日，每日工作已辦理，發出 0 則提醒。"]


@pytest.mark.parametrize("typed", ["99/6/4", "0990604", "2010-06-04"])
def test_to_a_day(post, typed):
    post(to=typed)
    assert clock.today() == dt.date(2010, 6, 4)
    assert JobRun.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("99/6/1", "日期只能往後，不能回到過去。"),
        ("99/5/31", "日期只能往後，不能回到過去。"),
        ("102/1/1", "示範的日期最晚到101年12月31日。"),
        ("99/9/2", "一次最多前進92天，這次最遠到99年9月1日；要更往後，請分次前進。"),
        ("99/2/31", "民國99年2月只有1日到28日，沒有31日。"),
        ("", "請填年、月、日，例如 99/6/1（民國99年6月1日）。"),
    ],
)
def test_what_is_refused_says_why_and_moves_nothing(post, typed, message):
    assert shown(post(to=typed)) == [message]
    assert clock.today() == START
    assert not JobRun.objects.exists()


def test_the_furthest_day_of_one_press(post, monkeypatch):
    """Here it is noted which days are run; what a run does is seen above and below."""
    run: list[tuple[dt.date, dt.date]] = []
    monkeypatch.setattr(services.daily, "run", lambda day: run.append((day, clock.today())))
    post(to="99/9/1")
    assert clock.today() == dt.date(2010, 9, 1)
    days = [START + dt.timedelta(days=number) for number in range(1, services.LONGEST_JUMP + 1)]
    assert run == [(day, day) for day in days]


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_way_back_stays_in_the_portal(post, path):
    assert post(days="1", next=path)["Location"] == "/"


def test_only_in_the_trial_and_only_by_post(client, post, settings):
    assert client.get(reverse("demo_date")).status_code == 302
    settings.DEMO = False
    assert post(days="1").status_code == 404
    assert clock.today() == START


def notices() -> set[tuple]:
    return set(Notice.objects.values_list("recipient", "kind", "object_key", "due_on", "subject", "body"))


def deadlines() -> set[tuple]:
    return set(Deadline.objects.values_list("kind", "subject_key", "due_on", "opened_on", "done_on"))


def test_a_jump_is_the_same_as_walking_day_by_day():
    """From before the first reminder until after the last one: thirty days ahead, and a fortnight after."""
    award = approved(staff=county(), receipt_due=dt.date(2010, 6, 20), settlement_due=dt.date(2010, 7, 3))
    member(award)
    until = dt.date(2010, 7, 19)
    services.advance(until)
    jumped = notices(), deadlines()
    assert len(jumped[0]) > 15
    Notice.objects.all().delete()
    JobRun.objects.all().delete()
    clock.set_portal_date(START)
    while clock.today() < until:
        services.advance(clock.today() + dt.timedelta(days=1))
    assert (notices(), deadlines()) == jumped


def test_the_bar_stands_on_each_page_of_the_trial_only(client, settings):
    page = reverse("account_login")
    assert "99年6月1日" in client.get(page).content.decode()
    settings.DEMO = False
    assert "demo-bar" not in client.get(page).content.decode()

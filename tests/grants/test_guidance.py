"""Visits by tier (M4.3b): given a day, on the calendar of who goes and of the association, reminded, shown in pictures."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from grants.models import Duty
from grants.queries import guidance
from grants.queries.reminders.calendar import entries_of
from grants.services import daily
from grants.services.duties import associations, records
from grants.services.duties.records import Record
from grants.services.guidance import visits
from grants.services.guidance.visits import Appointment
from grants.services.reminders import engine
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.files import samples

pytestmark = pytest.mark.django_db
TODAY, DAY = dt.date(2010, 6, 1), dt.date(2010, 6, 10)


@pytest.fixture
def place():
    return OrganisationFactory(county="miaoli", township=yuanli())


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER, "miaoli")


def visit_of(place, period: str = "2010-06", due_on: dt.date = dt.date(2010, 6, 30)) -> Duty:
    opened = {"county": place.county, "clause": "M4.3b", "opened_on": dt.date(2010, 1, 4)}
    return Duty.objects.create(organisation=place, key="guidance", period=period, due_on=due_on, **opened)


def test_a_visit_gets_a_day_and_the_association_is_notified(place, officer):
    chair, row, head = chair_of(place), visit_of(place), person(Role.APPROVER, "miaoli")
    made = visits.plan(officer, row, Appointment(DAY, head, dt.time(9, 30), " 社區活動中心 "))
    assert (made.on, made.starts_at, made.place, made.visitor, made.planned_on) == (
        DAY,
        dt.time(9, 30),
        "社區活動中心",
        head,
        TODAY,
    )
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (chair, "縣府要來輔導訪視：99年6月10日 09:30")
    again = visits.plan(officer, row, Appointment(dt.date(2010, 6, 11), officer))
    assert (again.pk, again.visitor, again.starts_at) == (made.pk, officer, None)
    # Nobody reads where the visitor goes but these two.
    titles = {user: [(entry.on, entry.title) for entry in entries_of(user)] for user in (officer, head, chair)}
    assert titles == {officer: [(again.on, "輔導訪視")], head: [], chair: [(again.on, "輔導訪視")]}


@pytest.mark.parametrize(
    ("on", "who", "words"),
    [
        (TODAY - dt.timedelta(days=1), Role.CASE_OFFICER, "不能早於今天"),
        (TODAY, Role.FINANCE_OFFICER, "承辦人或主管"),
    ],
)
def test_a_day_that_is_past_or_somebody_else_is_refused(place, officer, on, who, words):
    with pytest.raises(Refused, match=words):
        visits.plan(officer, visit_of(place), Appointment(on, person(who, "miaoli")))


def test_only_the_countys_officer_gives_it_a_day_and_not_after_it_was_held(place, officer):
    row = visit_of(place)
    for stranger in (chair_of(place), person(Role.CASE_OFFICER), person(Role.APPROVER, "miaoli")):
        with pytest.raises(Refused):
            visits.plan(stranger, row, Appointment(TODAY, officer))
    records.record(officer, row, Record(TODAY, {}, "看過帳冊"))
    with pytest.raises(Refused, match="登錄完成"):
        visits.plan(officer, row, Appointment(TODAY, officer))


def test_pictures_stand_beside_the_record(place, officer):
    row = visit_of(place)
    with pytest.raises(Refused, match="登錄訪視紀錄以後"):
        visits.add_photo(officer, row, ContentFile(samples.picture(), "一.jpg"), "活動中心")
    records.record(officer, row, Record(TODAY, {}, "看過帳冊"))
    photo = visits.add_photo(officer, row, ContentFile(samples.picture(), "一.jpg"), "活動中心")
    with pytest.raises(Refused):
        visits.remove_photo(chair_of(place), photo)
    assert [one.caption for one in row.photos.all()] == ["活動中心"]
    visits.remove_photo(officer, photo)
    assert row.photos.count() == 0


def test_the_month_shows_what_has_a_day_and_what_lacks_one(place, officer):
    row, later = visit_of(place), visit_of(place, "2010-09", dt.date(2010, 9, 30))
    visit_of(place, "2010-03", dt.date(2010, 3, 31))
    visits.plan(officer, later, Appointment(DAY, officer))
    month = guidance.month_of(officer, dt.date(2010, 6, 1))
    assert ([one.pk for one in month.planned], len(month.without_day)) == ([later.pk], 2)
    assert [day.on for week in month.weeks for day in week if day.visits] == [DAY]
    assert (month.before, month.after, month.weeks[0][0].on) == (
        dt.date(2010, 5, 1),
        dt.date(2010, 7, 1),
        dt.date(2010, 5, 30),
    )
    assert guidance.month_of(person(Role.CASE_OFFICER), dt.date(2010, 6, 1)).planned == []
    assert row in month.without_day


def test_who_goes_and_who_is_visited_are_reminded(place, officer):
    chair, row = chair_of(place), visit_of(place)
    visits.plan(officer, row, Appointment(DAY, officer, dt.time(9, 30)))
    Notice.objects.all().delete()
    sent = []
    for day in (7, 8, 10, 11, 27):
        with clock.travel(dt.date(2010, 6, day)):
            sent.append(engine.remind(daily.SOURCES, clock.today()))
    # The day that was agreed on has passed without a record: the last day for it is near.
    assert sent == [2, 0, 2, 0, 1]
    assert {notice.recipient for notice in Notice.objects.filter(kind__startswith="visit.")} == {officer, chair}
    first = Notice.objects.filter(recipient=chair).order_by("pk").first()
    assert first.subject == f"輔導訪視：{place.name}（還有 3 天）"


def test_a_visit_with_a_day_stays_when_another_tier_asks_for_fewer(place, officer):
    row = visit_of(place)
    visits.plan(officer, row, Appointment(DAY, officer))
    with trail.unit_of_work(Actor.system("test")):
        assert associations.Yearly("kaohsiung", DAY, {}, {}).drop([row]) == 0
    assert Duty.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("asked", "title"), [("", "99年6月"), ("2010-02", "99年2月"), ("x", "99年6月")])
def test_the_page_of_a_month(client, officer, asked, title):
    client.force_login(officer)
    assert client.get(reverse("grants:guidance"), {"month": asked}).context["month"].title == title


@pytest.mark.parametrize("month", ["1800-01", "0001-01", "9999-12", "1911-12", "2010-13", "2010-06"])
def test_the_calendar_opens_whatever_month_is_named(client, officer, month):
    client.force_login(officer)
    assert "99年6月" in client.get(reverse("grants:guidance"), {"month": month}).content.decode()

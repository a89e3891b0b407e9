"""A county's own reminder in the place of the filed one: from its day on, in its own county, and without moving a deadline."""

import datetime as dt

import pytest

from communities.enums import Office
from grants.enums import DeadlineKind
from grants.models import CountyReminder, Deadline
from grants.queries.reminders.table import filed, reminders_of
from grants.services import daily
from grants.services.reminders import engine
from grants.services.reminders.rows import unsaved
from grants.services.reminders.words import unknown
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.money import approved, county

pytestmark = pytest.mark.django_db
DUE, FROM = dt.date(2010, 9, 30), dt.date(2010, 9, 1)


def own_row(
    code: str = "return.asked", starts_on: dt.date = FROM, county: str = "kaohsiung", **values
) -> CountyReminder:
    kept = (
        filed()[code].values()
        | {"days": [-10], "subject": "【單位】要繳回【金額】元", "body": "到【期限】為止。"}
        | values
    )
    return CountyReminder.objects.create(county=county, code=code, starts_on=starts_on, **kept)


@pytest.fixture
def money_back():
    staff, organisation = county(), OrganisationFactory(name="甲社區發展協會")
    people = {"staff": member_of(organisation), "chair": chair_of(organisation), "officer": staff.officer}
    award = approved((50_000, 60_000), staff=staff, organisation=organisation)
    row = unsaved(DeadlineKind.RETURN, award, clause="K7.3b", due_on=DUE, opened_on=dt.date(2010, 6, 1))
    row.save()
    return people


def remind(day: dt.date) -> list[tuple[str, str]]:
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock.travel(day):
        engine.remind(daily.SOURCES, day)
    fresh = Notice.objects.exclude(pk__in=before).order_by("recipient")
    return list(fresh.values_list("recipient__username", "subject"))


def test_a_row_holds_from_its_day_on_and_in_its_county():
    own_row()
    own_row(starts_on=dt.date(2010, 10, 1), active=False)
    own_row(county="miaoli", days=[-1])
    days = [reminders_of("kaohsiung", FROM + dt.timedelta(days=add))["return.asked"] for add in (-1, 0, 29, 30)]
    assert [row.days for row in days] == [(-7, 0), (-10,), (-10,), (-10,)]
    assert [(row.active, row.starts_on) for row in days[1:]] == [
        (True, FROM),
        (True, FROM),
        (False, dt.date(2010, 10, 1)),
    ]
    assert reminders_of("miaoli", FROM)["return.asked"].days == (-1,)
    assert reminders_of("kaohsiung", FROM)["return.late"] == filed()["return.late"]


def test_its_days_people_and_words_are_sent_and_the_deadline_stays(money_back):
    own_row(who=["chair"], days=[-10, -2])
    chair = money_back["chair"].username
    found = [remind(DUE + dt.timedelta(days=days)) for days in (-11, -10, -7, -2, 0)]
    said = [(chair, "甲社區發展協會要繳回0元")]
    assert found == [[], said, [], said, []]
    assert Notice.objects.latest("id").body == "到99年9月30日為止。"
    assert Deadline.objects.get(kind=DeadlineKind.RETURN).due_on == DUE


def test_a_row_that_is_switched_off_sends_nothing(money_back):
    own_row(active=False)
    assert [remind(DUE + dt.timedelta(days=days)) for days in (-7, 0)] == [[], []]


def test_each_row_reaches_those_whom_it_names(money_back):
    """Each of the two rows that have come reaches those whom it names, the officer the one and the chair the other."""
    own_row("return.office", who=["officers"], days=[2])
    own_row("return.late", who=["chair"], days=[2], every=0, subject="晚")
    assert [subject for _who, subject in remind(DUE + dt.timedelta(days=3))] == ["甲社區發展協會要繳回0元", "晚"]


def test_with_nobody_as_chairperson_the_members_are_reminded(money_back):
    money_back["chair"].posts.filter(office=Office.CHAIRPERSON).update(valid_to=FROM)
    own_row(who=["chair"])
    assert remind(DUE - dt.timedelta(days=10)) == [(money_back["staff"].username, "甲社區發展協會要繳回0元")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("請在【期限】前", []),
        ("【期線】【單位】", ["【期線】"]),
        ("【期限", ["【"]),
        ("期限】【", ["】", "【"]),
        ("【】", ["【】"]),
        ("", []),
    ],
)
def test_what_is_no_mark_is_named(text, found):
    assert unknown(text, ("期限", "單位")) == found

"""A person's deadlines as a calendar: whose, unchanged bytes, a secret address, and nobody's name in it."""

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from grants.enums import DeadlineKind
from grants.models import Deadline, Duty
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts import channels
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.money import approved, county

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 9, 30)


@pytest.fixture
def world():
    staff, place = county(), OrganisationFactory(name="甲社區發展協會")
    award = approved((50_000, 60_000), staff=staff, organisation=place)
    Deadline.objects.all().delete()
    unsaved(DeadlineKind.SETTLEMENT, award, clause="K7.2a", due_on=DUE, opened_on=dt.date(2010, 6, 1)).save()
    opened = {"due_on": DUE, "opened_on": dt.date(2010, 6, 1), "county": "kaohsiung", "period": "2010"}
    Duty.objects.create(key="assembly", clause="M5.5a", organisation=place, **opened)
    Duty.objects.create(key="yearly_evaluation", clause="M5.4a", **opened)
    return {"member": member_of(place), "chair": chair_of(place), "officer": staff.officer, "number": award.number}


def get(user: User, **headers):
    return Client().get(f"/calendar/{user.feed.token}.ics", headers=headers)


def seen(user: User) -> list[tuple[str, dt.date]]:
    channels.renew_feed(user)
    events = Calendar.from_ical(get(User.objects.get(pk=user.pk)).content).walk("VEVENT")
    return [(str(event["summary"]), event["dtstart"].dt) for event in events]


def test_each_person_sees_the_days_of_their_bodies_and_cases(world):
    number = world["number"]
    assert seen(world["member"]) == [(f"結報期限 {number}", DUE), ("會員大會", DUE)]
    assert seen(world["officer"]) == [(f"結報期限 {number}", DUE), ("社區評鑑", DUE)]
    assert seen(person(Role.CASE_OFFICER, "miaoli")) == []
    assert seen(person(Role.APPROVER)) == []


def test_it_names_nobody_and_stays_the_same_until_something_changes(world):
    user = world["member"]
    channels.renew_feed(user)
    answer = get(user)
    text = answer.content.decode()
    assert not [name for name in ("甲社區", "長者共餐", user.display_name, world["chair"].display_name) if name in text]
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "private, max-age=3600",
    )
    same = get(user, **{"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    Deadline.objects.update(due_on=DUE + dt.timedelta(days=1))
    assert get(user, **{"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_an_address_that_was_renewed_or_ended_leads_nowhere(world):
    user = world["member"]
    first = channels.renew_feed(user).token
    second = channels.renew_feed(user).token
    assert [Client().get(f"/calendar/{token}.ics").status_code for token in (first, second, "nothing")] == [
        404,
        200,
        404,
    ]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    User.objects.filter(pk=user.pk).update(is_active=True)
    channels.end_feed(user)
    assert Client().get(f"/calendar/{second}.ics").status_code == 404

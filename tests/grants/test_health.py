"""What associations owe each year: its figure with the arithmetic, the confirmation of the record, no assembly no grant."""

import datetime as dt

import pytest
from django.urls import reverse

from communities.models import Organisation
from communities.services import organisations
from grants import duty_kinds
from grants.models import Duty
from grants.queries import health
from grants.queries.standing import standing_of
from grants.services import daily
from grants.services.duties import records
from grants.services.duties.records import Record
from grants.services.health import confirm_profile
from grants.services.reminders import engine
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def place():
    return OrganisationFactory(county="miaoli", township=yuanli(), profile_updated_on=dt.date(2009, 9, 1))


def owes(place: Organisation, key: str, due_on: dt.date, held_on: dt.date | None = None, period: str = "2010") -> Duty:
    done = {"held_on": held_on, "done_on": held_on, "done_by": person(Role.CASE_OFFICER, "miaoli")} if held_on else {}
    opened = {"county": place.county, "clause": "M5.5a", "opened_on": dt.date(2010, 1, 4)}
    return Duty.objects.create(organisation=place, key=key, period=period, due_on=due_on, **opened, **done)


def a_year(place: Organisation) -> None:
    owes(place, "accounts", dt.date(2010, 4, 30), dt.date(2010, 4, 30))
    owes(place, "property_list", dt.date(2010, 4, 30), dt.date(2010, 5, 3))
    owes(place, "election", dt.date(2010, 5, 31))
    owes(place, "assembly", dt.date(2010, 6, 30), dt.date(2010, 5, 20))
    owes(place, "board_meeting", dt.date(2010, 6, 30), period="2010-06")
    owes(place, "assembly", dt.date(2009, 6, 30), dt.date(2009, 6, 30), period="2009")
    # The county's own visit is no debt of the association.
    owes(place, "guidance", dt.date(2010, 3, 31), period="2010-03")


def plan(day: dt.date) -> None:
    with clock.travel(day), trail.unit_of_work(Actor.system("test")):
        records.plan(day)


# --- The figure --------------------------------------------------------------------------------------------------------


def test_the_figure_counts_what_was_held_by_its_day(place):
    a_year(place)
    found = health.health_of(place, 2010)
    assert (found.figure.in_time, found.figure.counted, found.figure.share) == (2, 4, 50)
    assert (found.late, found.overdue, len(found.missing)) == (1, 1, 2)
    assert [(line.duty.key, line.words) for line in found.lines] == [
        ("accounts", "按時"),
        ("property_list", "晚了 3 天"),
        ("election", "還沒辦，已逾 1 天"),
        ("assembly", "按時"),
        ("board_meeting", "還沒辦，還有 29 天"),
    ]


def test_what_ends_today_is_not_missing_yet(place):
    row = owes(place, "assembly", TODAY)
    assert health.health_of(place, 2010).figure.counted == 0
    with clock.travel(TODAY + dt.timedelta(days=1)):
        assert (health.health_of(place, 2010).overdue, row.due_on) == (1, TODAY)


def test_a_share_is_rounded_down():
    assert [health.Share(2010, *of).share for of in ((2, 3), (3, 3), (0, 1))] == [66, 100, 0]


def test_deciders_and_the_list_read_the_same_figure(place):
    a_year(place)
    shown = [(year.roc_year, year.in_time, year.counted, year.share) for year in standing_of(place).health]
    assert shown == [(99, 2, 4, 50), (98, 1, 1, 100)]
    row = health.with_health(Organisation.objects.all(), 2010).get()
    assert (row.owed_count, row.in_time_count, row.overdue_count) == (4, 2, 1)
    assert row.next_due == dt.date(2010, 5, 31)
    a_year(OrganisationFactory(county="miaoli", name="苗栗縣苑裡鎮苦楝社區發展協會"))
    both = health.sums_of(health.with_health(Organisation.objects.all(), 2010).filter(overdue_count__gt=0), 2010)
    assert both == {"bodies": 2, "owed_count": 8, "in_time_count": 4, "overdue_count": 2}
    assert standing_of(OrganisationFactory()).health == []


# --- The record ----------------------------------------------------------------------------------------------------------


def test_only_the_associations_own_word_renews_its_record(place):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    chair = chair_of(place)
    plan(TODAY)
    row = place.duties.get(key=duty_kinds.PROFILE)
    assert (row.period, row.due_on, row.clause) == ("2010", dt.date(2010, 9, 1), "M5.5b")
    organisations.update_contact(Actor(chair, "理事長"), place, phone="037-000001")
    place.refresh_from_db()
    assert place.profile_updated_on == dt.date(2009, 9, 1)
    with pytest.raises(Refused, match="資料都對"):
        records.record(chair, row, Record(TODAY))
    for stranger in (person(Role.CASE_OFFICER, "miaoli"), chair_of(OrganisationFactory())):
        with pytest.raises(Refused):
            confirm_profile(stranger, place)
    assert confirm_profile(chair, place).profile_updated_on == TODAY
    row.refresh_from_db()
    assert (row.held_on, row.done_by, row.checked_on) == (TODAY, chair, TODAY)
    plan(dt.date(2011, 1, 3))
    following = place.duties.get(key=duty_kinds.PROFILE, period="2011")
    assert following.due_on == TODAY.replace(year=2011)


def test_what_was_never_confirmed_is_asked_for_by_the_end_of_the_year(place):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    Organisation.objects.update(profile_updated_on=None)
    plan(TODAY)
    assert place.duties.get(key=duty_kinds.PROFILE).due_on == dt.date(2010, 12, 31)


def test_reminded_ninety_and_thirty_days_ahead_also_across_the_new_year(place):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    chair = chair_of(place)
    Organisation.objects.update(profile_updated_on=dt.date(2010, 2, 15))
    plan(dt.date(2010, 11, 16))
    assert not place.duties.filter(period="2011").exists()
    plan(dt.date(2010, 11, 17))
    row = place.duties.get(period="2011")
    assert (row.key, row.due_on) == (duty_kinds.PROFILE, dt.date(2011, 2, 15))
    Duty.objects.exclude(pk=row.pk).delete()
    sent = []
    for day in ("2010-11-17", "2010-11-18", "2011-01-16", "2011-02-12", "2011-02-15", "2011-02-16"):
        with clock.travel(dt.date.fromisoformat(day)):
            sent.append(engine.remind(daily.SOURCES, dt.date.fromisoformat(day)))
    assert sent == [1, 0, 1, 1, 0, 1]
    first = Notice.objects.order_by("pk").first()
    assert (first.recipient, first.subject) == (chair, f"確認會務資料：{place.name}")


# --- Pages ---------------------------------------------------------------------------------------------------------------


def test_the_page_leads_from_what_is_missing_to_the_confirmation(client, place):
    a_year(place)
    row = owes(place, duty_kinds.PROFILE, dt.date(2010, 9, 1))
    client.force_login(chair_of(place))
    page = client.get(reverse("grants:health", args=[place.pk])).content.decode()
    assert [words in page for words in ("2 ÷ 4 = 50%", "還有 3 項沒辦", "98")] == [True] * 3
    assert client.get(reverse("grants:duty", args=[row.pk])).url == f"/health/{place.pk}/#profile"
    assert client.post(reverse("grants:health_confirm", args=[place.pk])).url == f"/health/{place.pk}/"
    place.refresh_from_db()
    assert place.profile_updated_on == TODAY

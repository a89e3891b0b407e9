"""Volunteers: teams, hours by month and at the door, honours, insurance, totals, and who may see whom."""

import datetime as dt
from decimal import Decimal

import pytest

from communities.models import Organisation, ServiceHours, Volunteer
from communities.queries.volunteers import (
    awards,
    by_township,
    month_of,
    people_with_hours,
    reached,
    volunteers_of,
    with_service,
)
from communities.services import volunteers
from communities.services.training import enrolments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of
from tests.factories.training import announced

pytestmark = pytest.mark.django_db
JUNE, MAY = dt.date(2010, 6, 1), dt.date(2010, 5, 1)


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def chair(body):
    return chair_of(body)


@pytest.fixture
def team(body, chair):
    made = volunteers.found_team(chair, body, name="楓香志工隊", insured_from=JUNE, insured_until=dt.date(2010, 7, 1))
    volunteers.join(chair, made, ["甲示範", "乙示範"], dt.date(2007, 6, 1))
    return made


def both(team):
    return list(team.volunteers.order_by("pk"))


def at(monkeypatch, hour, minute=0):
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2010, 6, 1, hour, minute, tzinfo=clock.TAIPEI))


def test_hours_of_a_month_and_of_the_door_are_added_up(chair, body, team, monkeypatch):
    first, second = both(team)
    hours = {first.pk: Decimal("10.5"), second.pk: Decimal(0), 0: Decimal(9)}
    assert volunteers.write_month(chair, team, JUNE, hours) == 1
    assert volunteers.write_month(chair, team, JUNE, hours) == 0
    volunteers.write_month(chair, team, JUNE, {first.pk: Decimal(8)})
    at(monkeypatch, 9)
    assert volunteers.sign(team.door_code, [first.pass_code, second.pass_code]) == (2, 0)
    at(monkeypatch, 11, 20)
    assert volunteers.sign(team.door_code, [first.pass_code]) == (0, 1)
    assert {row.person.name: row.total for row in volunteers_of(team)} == {
        "甲示範": Decimal("10.5"),
        "乙示範": Decimal(0),
    }
    assert [(row.written, row.door) for row in month_of(team, JUNE)] == [
        (None, 0),
        (Decimal(8), Decimal("2.5")),
    ]
    assert all(row.door == 0 for row in month_of(team, MAY))
    row = with_service(Organisation.objects.filter(pk=body.pk), 2010).get()
    assert (row.teams, row.volunteers, row.service_hours, row.uninsured) == (1, 2, Decimal("10.5"), 0)
    place = by_township([body.county], {QISHAN}, 2010).get()
    assert (place.bodies, place.volunteers, place.service_hours) == (1, 2, Decimal("10.5"))
    assert with_service(Organisation.objects.filter(pk=body.pk), 2009).get().service_hours == 0


def test_whoever_forgot_to_sign_off_begins_anew(team, monkeypatch):
    first, _second = both(team)
    at(monkeypatch, 9)
    volunteers.sign(team.door_code, [first.pass_code])
    with clock.travel(JUNE + dt.timedelta(days=1)):
        assert volunteers.sign(team.door_code, [first.pass_code]) == (1, 0)
    assert [row.hours for row in ServiceHours.objects.order_by("pk")] == [0, 0]
    assert ServiceHours.objects.filter(went_at=None).count() == 1


def test_the_door_knows_the_people_of_the_team_alone(chair, team):
    first, second = both(team)
    volunteers.change_volunteer(chair, second, left_on=MAY)
    for pass_codes in ([first.pass_code, "00000x"], [second.pass_code]):
        with pytest.raises(Refused, match="找不到簽到碼"):
            volunteers.sign(team.door_code, pass_codes)
    volunteers.change_team(chair, team, ended_on=JUNE)
    with pytest.raises(Refused, match="已經解散"):
        volunteers.sign(team.door_code, [first.pass_code])
    assert not ServiceHours.objects.exists()


@pytest.mark.parametrize(
    ("hours", "since", "names", "missing"),
    [
        ("299.5", dt.date(2000, 1, 1), [], "0.5"),
        ("300", dt.date(2007, 6, 2), [], "2700"),
        ("300", dt.date(2007, 6, 1), ["志願服務榮譽卡"], "2700"),
        ("3000", dt.date(2007, 6, 1), ["志願服務榮譽卡", "志願服務績優銅牌獎"], "2000"),
        ("8000", None, ["志願服務績優銅牌獎", "志願服務績優銀牌獎", "志願服務績優金牌獎"], "0"),
    ],
)
def test_which_honours_hours_reach(hours, since, names, missing):
    found = reached(Decimal(hours), since)
    assert ([award.name for award in found.awards], found.missing) == (names, Decimal(missing))
    assert all(award.source for award in awards())


def test_a_person_counts_once_whatever_the_teams_and_courses(chair, body, team):
    other = volunteers.found_team(chair, body, name="環保志工隊")
    (again,) = volunteers.join(chair, other, ["甲 示範"], MAY)
    volunteers.change_volunteer(chair, both(team)[0], hours_before=Decimal(290))
    volunteers.write_month(chair, other, MAY, {again.pk: Decimal(10)})
    officer = person(Role.CASE_OFFICER)
    course = announced(officer)
    (row,) = enrolments.enrol(chair, course, body, ["甲示範"])
    enrolments.note(officer, course, [row.pk], present=True)
    found = {one.name: one for one in people_with_hours(body)}
    assert set(found) == {"甲示範", "乙示範"}
    assert (found["甲示範"].served, found["甲示範"].learned, found["甲示範"].since) == (300, 3, dt.date(2007, 6, 1))
    assert [award.name for award in found["甲示範"].reached.awards] == ["志願服務榮譽卡"]
    assert with_service(Organisation.objects.filter(pk=body.pk), 2010).get().volunteers == 2


def test_insurance_is_called_to_mind_before_it_ends(chair, team):
    assert [volunteers.remind_of_insurance(dt.date(2010, 6, day)) for day in (1, 2, 24)] == [1, 0, 1]
    assert Notice.objects.filter(recipient=chair, closed_at=None).count() == 2
    volunteers.change_team(chair, team, insured_until=dt.date(2011, 7, 1))
    assert not Notice.objects.filter(recipient=chair, closed_at=None).exists()


def test_who_may_not_is_refused(body, team):
    stranger = chair_of(OrganisationFactory())
    for act in (
        lambda: volunteers.found_team(stranger, body, name="別的隊"),
        lambda: volunteers.join(stranger, team, ["丙示範"], MAY),
        lambda: volunteers.write_month(stranger, team, MAY, {}),
        lambda: volunteers.change_team(person(Role.CASE_OFFICER, MIAOLI), team, name="別的隊"),
        lambda: volunteers.change_volunteer(person(Role.APPROVER), both(team)[0], left_on=JUNE),
    ):
        with pytest.raises(Refused):
            act()
    assert Volunteer.objects.count() == 2


def test_months_to_come_are_refused_and_leavers_come_back(chair, team):
    with pytest.raises(Refused, match="還沒到"):
        volunteers.write_month(chair, team, dt.date(2010, 7, 1), {})
    first, _second = both(team)
    volunteers.change_volunteer(chair, first, left_on=MAY)
    volunteers.join(chair, team, ["甲示範"], JUNE)
    first.refresh_from_db()
    assert (first.left_on, first.joined_on) == (None, dt.date(2007, 6, 1))


def test_names_stand_on_no_public_page_and_in_no_list_of_totals(body, team, client):
    assert "甲示範" not in client.get(f"/volunteers/door/{team.door_code}/").content.decode()
    assert "甲示範" not in client.get(f"/communities/{body.pk}/").content.decode()
    client.force_login(person(Role.CASE_OFFICER))
    for url in ("/registry/volunteers/", "/registry/volunteers/townships/"):
        answer = client.post(url, {"export": "csv"})
        assert "甲示範" not in b"".join(answer).decode("utf-8-sig")
    assert "甲示範" in client.get(f"/registry/{body.pk}/volunteers/").content.decode()
    client.force_login(person(Role.TOWNSHIP_OFFICER, township_code="64000330", place_name="甲仙鄉公所"))
    assert client.get(f"/registry/{body.pk}/volunteers/").status_code == 404


def test_nobody_is_reminded_for_an_association_that_is_dissolved(chair, body, team):
    assert volunteers.remind_of_insurance(JUNE) == 1
    Notice.objects.all().delete()
    Organisation.objects.filter(pk=body.pk).update(status="dissolved")
    assert volunteers.remind_of_insurance(JUNE) == 0

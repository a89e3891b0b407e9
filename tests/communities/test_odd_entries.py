"""Entries that cannot be: years and days to come, ends before beginnings, numbers too large, what somebody else wrote."""

import datetime as dt
from decimal import Decimal

import pytest

from communities.forms.volunteers import ChangeTeamForm, MonthForm, VolunteerForm
from communities.models import ActivityCentre, CentreItem, Partner, VolunteerTeam
from communities.queries.volunteers import month_of
from communities.services import centres, volunteers
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import KAOHSIUNG, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, township

pytestmark = pytest.mark.django_db
JUNE = dt.date(2010, 6, 1)


@pytest.fixture
def office(client):
    user = person(Role.TOWNSHIP_OFFICER, KAOHSIUNG, township_code=QISHAN, place_name="公所")
    client.force_login(user)
    return user


CENTRE = {"name": "溪畔活動中心", "address": "溪畔路1號"}


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"built_in": "100"}, "built_in"),
        ({"built_in": "0"}, "built_in"),
        ({"built_in": "-5"}, "built_in"),
        ({"area": "99999999999"}, "area"),
        ({"area": "0"}, "area"),
        ({"closed_on": "99/6/2"}, "closed_on"),
    ],
)
def test_a_centre_is_of_this_world(client, office, typed, refused):
    township()
    answer = client.post("/registry/centres/new/", CENTRE | {"township": QISHAN} | typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [refused])


def test_numbers_of_a_centre_are_read_as_people_write_them(client, office):
    township()
    typed = {"township": QISHAN, "built_in": "９９年", "area": "1,250平方公尺", "closed_on": "99/6/1"}
    assert client.post("/registry/centres/new/", CENTRE | typed).status_code == 302
    made = ActivityCentre.objects.get()
    assert (made.built_in, made.area, made.closed_on) == (99, 1250, JUNE)
    page = client.get(f"/registry/centres/{made.pk}/edit/").content.decode()
    assert 'value="1,250"' in page


def test_things_of_a_centre_were_bought_by_this_year(client, office):
    made = centres.enter(office, township(), **CENTRE)
    address, thing = f"/registry/centres/{made.pk}/", {"name": "冷氣機", "condition": "good"}
    for typed in ({"quantity": "1", "bought_in": "100"}, {"quantity": "0"}, {"quantity": "1000"}):
        assert client.post(address, thing | typed).status_code == 422
    assert client.post(address, thing | {"quantity": "2台", "bought_in": "99"}).status_code == 302
    row = CentreItem.objects.get()
    assert (row.quantity, row.bought_in) == (2, 99)


@pytest.mark.parametrize("name", ["left_on", "basic_on", "special_on", "joined_on"])
def test_what_became_of_a_volunteer_is_not_in_the_future(name):
    form = VolunteerForm({"joined_on": "98/1/1", "hours_before": "0", name: "99/6/2"})
    assert list(form.errors) == [name]
    assert VolunteerForm({"joined_on": "98/1/1", "hours_before": "0", name: "99/6/1"}).errors == {}


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"founded_on": "99/6/2"}, ["founded_on"]),
        ({"ended_on": "99/6/2"}, ["ended_on"]),
        ({"founded_on": "99/5/2", "ended_on": "99/5/1"}, ["ended_on"]),
        ({"founded_on": "99/5/1", "ended_on": "99/5/1"}, []),
        ({"insured_from": "99/7/1", "insured_until": "100/6/30"}, []),
    ],
)
def test_a_team_ends_after_it_began_and_neither_is_to_come(typed, refused):
    assert list(ChangeTeamForm({"name": "楓香志工隊"} | typed).errors) == refused


@pytest.fixture
def team():
    body = OrganisationFactory()
    chair = chair_of(body)
    made = volunteers.found_team(chair, body, name="楓香志工隊")
    volunteers.join(chair, made, ["甲示範"], dt.date(2009, 1, 1))
    return made


def test_nobody_joins_a_team_that_is_over(client, team):
    chair = team.organisation.terms.get().user
    VolunteerTeam.objects.update(ended_on=JUNE)
    client.force_login(chair)
    address = f"/registry/{team.organisation_id}/volunteers/{team.pk}/"
    page = client.get(address).content.decode()
    assert ("99年6月1日 解散" in page, "加入志工</h2>" in page, "簽到退方塊碼" in page) == (True, False, False)
    answer = client.post(address, {"names": "乙示範", "joined_on": "99/6/1"})
    assert (answer.status_code, team.volunteers.count()) == (422, 1)


def hours(team, typed: str, shown: str) -> MonthForm:
    (row,) = month_of(team, JUNE)
    return MonthForm({f"hours-{row.pk}": typed, f"was-{row.pk}": shown}, rows=[row])


@pytest.mark.parametrize(
    ("typed", "shown", "kept"),
    [
        ("", "", "6.5"),
        ("6.5", "", "6.5"),
        ("0", "", "6.5"),
        ("8", "6.5", "8"),
        ("", "6.5", "0"),
        ("4", "4", "6.5"),
        ("8", "", None),
        ("", "4", None),
        ("8", "4", None),
    ],
)
def test_hours_that_somebody_else_wrote_meanwhile_are_not_wiped_out(team, typed, shown, kept):
    volunteer = team.volunteers.get()
    volunteers.write_month(team.organisation.terms.get().user, team, JUNE, {volunteer.pk: Decimal("6.5")})
    form = hours(team, typed, shown)
    assert form.is_valid() == (kept is not None)
    if kept is None:
        assert "6.5 小時" in str(form.errors)
    else:
        assert form.hours() == {volunteer.pk: Decimal(kept)}


def test_the_page_of_a_month_says_what_it_showed(client, team):
    chair, volunteer = team.organisation.terms.get().user, team.volunteers.get()
    client.force_login(chair)
    address = f"/registry/{team.organisation_id}/volunteers/{team.pk}/2010/6/"
    hidden = f'name="was-{volunteer.pk}" value="%s"'
    assert hidden % "" in client.get(address).content.decode()
    volunteers.write_month(chair, team, JUNE, {volunteer.pk: Decimal(10)})
    page = client.post(address, {f"hours-{volunteer.pk}": "8", f"was-{volunteer.pk}": ""})
    assert (page.status_code, hidden % "10" in page.content.decode()) == (422, True)
    assert month_of(team, JUNE).get().written == Decimal(10)
    assert client.post(address, {f"hours-{volunteer.pk}": "8", f"was-{volunteer.pk}": "10"}).status_code == 302
    assert month_of(team, JUNE).get().written == Decimal(8)


def test_pressed_twice_a_team_or_a_partner_is_entered_once(client, team):
    client.force_login(team.organisation.terms.get().user)
    address = f"/registry/{team.organisation_id}/volunteers/new/"
    assert (client.post(address, {"name": "楓香志工隊"}).status_code, VolunteerTeam.objects.count()) == (422, 1)
    VolunteerTeam.objects.update(ended_on=JUNE)
    assert client.post(address, {"name": "楓香志工隊"}).status_code == 302
    address, who = (
        f"/registry/{team.organisation_id}/partners/new/",
        {"kind": "temple", "name": "示範宮", "offers": "捐米"},
    )
    assert [client.post(address, who).status_code for _press in "12"] == [302, 422]
    assert Partner.objects.count() == 1

"""Central programmes (M5.1): listed by two people, asked for with data that are known, forwarded, decided, shown."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from grants.models import CentralProgramme, CentralRequest
from grants.queries.standing import central_of, standing_of
from grants.services.central import programmes, requests
from grants.services.central.requests import Asked, Outcome
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import ApplicationFactory, ProgrammeFactory, SchemeFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
VALUES = {
    "ministry": "內政部",
    "name": "推展社會福利補助",
    "item": "社區照顧",
    "most": 200_000,
    "closes_on": dt.date(2010, 6, 30),
    "words": "計畫書一份",
    "active": True,
}


@pytest.fixture
def place():
    return OrganisationFactory(county="miaoli", township=yuanli(), tax_id="12345675")


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER, "miaoli")


@pytest.fixture
def programme():
    return CentralProgramme.objects.create(county="miaoli", confirmed_on=TODAY, **VALUES)


def test_the_list_is_kept_by_two_people(officer):
    change = programmes.propose(officer, "miaoli", None, VALUES, "中央公告")
    assert not CentralProgramme.objects.exists()
    with pytest.raises(Refused):
        confirm(officer, change)
    head = person(Role.APPROVER, "miaoli")
    confirm(head, change)
    row = CentralProgramme.objects.get()
    assert {name: getattr(row, name) for name in VALUES} == VALUES
    with pytest.raises(Refused, match="沒有改變"):
        programmes.propose(officer, "miaoli", row, VALUES, "再一次")
    confirm(head, programmes.propose(officer, "miaoli", row, VALUES | {"most": 150_000}, "中央改了"))
    row.refresh_from_db()
    assert (row.most, CentralProgramme.objects.count()) == (150_000, 1)
    again = programmes.propose(officer, "miaoli", None, VALUES, "重複")
    with pytest.raises(Refused, match="登錄過"):
        confirm(head, again)


def test_asked_forwarded_and_granted(place, officer, programme):
    chair = chair_of(place)
    made = requests.ask(chair, place, Asked(programme, " 長者共餐 ", 120_000))
    assert (made.title, made.year, made.data["tax_id"], made.state) == ("長者共餐", 2010, "12345675", "等縣府函轉")
    assert Notice.objects.get().recipient == officer
    with pytest.raises(Refused, match="還沒有函轉"):
        requests.record_result(officer, made, Outcome("granted", "內授字第1號", TODAY, 100_000))
    with pytest.raises(Refused, match="意見和函轉文號"):
        requests.forward(officer, made, opinion=" ", number="府社字第1號", on=TODAY)
    sent = requests.forward(officer, made, opinion="同意，需求確實", number="府社字第1號", on=TODAY)
    assert (sent.state, sent.forwarded_by) == ("已函轉，等結果", officer)
    with pytest.raises(Refused, match="已經函轉"):
        requests.forward(officer, made, opinion="再一次", number="府社字第2號", on=TODAY)
    for granted in (0, 120_001):
        with pytest.raises(Refused, match="不超過申請的 120,000 元"):
            requests.record_result(officer, made, Outcome("granted", "內授字第1號", TODAY, granted))
    done = requests.record_result(officer, made, Outcome("granted", "內授字第1號", TODAY, 120_000))
    assert (done.granted, done.state) == (120_000, "核定補助")
    with pytest.raises(Refused, match="登錄過"):
        requests.record_result(officer, made, Outcome("refused", "內授字第2號", TODAY))
    figures = standing_of(place).figures
    assert (figures["central_asked"], figures["central_granted"]) == (1, 120_000)
    assert list(central_of(place)) == [made]


def test_what_cannot_be_asked(place, officer, programme):
    chair, asked = chair_of(place), Asked(programme, "長者共餐", 200_000)
    for stranger in (officer, chair_of(OrganisationFactory())):
        with pytest.raises(Refused):
            requests.ask(stranger, place, asked)
    with pytest.raises(Refused, match="每案最高 200,000 元"):
        requests.ask(chair, place, replace(asked, amount=200_001))
    with clock.travel(dt.date(2010, 6, 30)):
        requests.ask(chair, place, asked)
    with clock.travel(dt.date(2010, 7, 1)), pytest.raises(Refused, match="不受理"):
        requests.ask(chair, place, asked)


def test_nothing_is_asked_twice_and_the_file_has_it_all(client, place, officer, programme):
    scheme = SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    case = ApplicationFactory(
        organisation=place, programme=ProgrammeFactory(scheme=scheme), title="長者共餐計畫", first_filed_on=TODAY
    )
    client.force_login(chair_of(place))
    address = reverse("grants:central_ask", args=[place.pk])
    assert client.post(address, {"programme": programme.pk, "case": "", "title": "", "amount": ""}).status_code == 422
    answer = client.post(address, {"programme": programme.pk, "case": case.pk, "title": "", "amount": "90,000"})
    made = CentralRequest.objects.get()
    assert answer.url == reverse("grants:central_request", args=[made.pk])
    assert (made.title, made.amount, made.application) == ("長者共餐計畫", 90_000, case)
    client.force_login(officer)
    answer = client.post(reverse("grants:central_requests"), {"file": "csv", "columns": ["title"]})
    page = client.get(reverse("grants:central_requests")).content.decode()
    assert ("長者共餐計畫" in page, place.name in page) == (True, True)


def test_each_sees_its_own(place, officer, programme):
    from grants.queries.central import requests_of

    made = requests.ask(chair_of(place), place, Asked(programme, "長者共餐", 1))
    seen = (officer, person(Role.AUDITOR, "miaoli"), chair_of(place))
    unseen = (person(Role.CASE_OFFICER), chair_of(OrganisationFactory()), person(Role.REVIEWER, "miaoli"))
    assert [list(requests_of(user)) for user in seen] == [[made]] * 3
    assert [list(requests_of(user)) for user in unseen] == [[]] * 3


def test_a_second_press_sends_nothing_and_without_a_programme_nothing_is_asked(client, place, officer, programme):
    chair = chair_of(place)
    made = requests.ask(chair, place, Asked(programme, "長者共餐", 1))
    with pytest.raises(Refused, match="已經送出同名"):
        requests.ask(chair, place, Asked(programme, " 長者共餐", 1))
    requests.forward(officer, made, opinion="同意", number="府社區字第0990000001號", on=TODAY)
    requests.ask(chair, place, Asked(programme, "長者共餐", 1))
    client.force_login(chair)
    address = reverse("grants:central_ask", args=[place.pk])
    assert "送縣府函轉" in client.get(address).content.decode()
    CentralProgramme.objects.update(active=False)
    page = client.get(address).content.decode()
    assert ("現在沒有受理中的中央補助計畫" in page, "送縣府函轉" in page) == (True, False)

"""Whom to call stands on every page that anybody can reach, also where something went wrong."""

import datetime as dt
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from grants.letters.contacts import Contact, contact_of, contacts
from grants.templatetags.contacts import shared_hours

pytestmark = pytest.mark.django_db
PHONES = ("07-7477611", "037-322150")
PUBLIC = (
    "grants:home",
    "grants:schemes",
    "account_login",
    "account_reset_password",
    "account_signup",
    "help",
    "communities:directory",
    "grants:open_data",
)


def test_the_office_of_a_day():
    found = contact_of("kaohsiung", dt.date(2010, 6, 1))
    assert found == Contact(
        "kaohsiung",
        "高雄縣",
        "高雄縣政府社會處",
        "07-7477611",
        "+88677477611",
        "830高雄縣鳳山市光復路2段132號",
        "星期一至星期五 8:00–12:00、13:30–17:30（國定假日休息）",
        "",
        "",
    )


def test_the_office_after_the_merger():
    found = contact_of("kaohsiung", dt.date(2010, 12, 25))
    assert (found.office, found.phone) == ("高雄市政府社會局", "07-3368333")


@pytest.mark.parametrize("name", PUBLIC)
def test_both_telephones_stand_on_every_public_page(client, name):
    page = client.get(reverse(name)).content.decode()
    assert [page.count(phone) >= 1 for phone in PHONES] == [True, True]
    assert page.count('id="contacts"') == 1


def test_what_cannot_be_found_says_whom_to_ask(client):
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'href="#contacts"' in page
    assert all(phone in page for phone in PHONES)


def test_what_is_refused_leads_to_the_desk_and_says_whom_to_ask(client):
    from miaoli_kaohsiung.accounts.enums import Role
    from tests.factories.accounts import person

    client.force_login(person(Role.REVIEWER))
    answer = client.get(reverse("communities:registry"))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f'href="{reverse("grants:desk")}">回我的工作' in page
    assert 'href="#contacts"' in page


def test_hours_stand_at_each_office_once_they_differ():
    offices = contacts(dt.date(2010, 6, 1))
    foot = "partials/county_contacts.html"
    assert render_to_string(foot).count(offices[0].hours) == 1
    other = replace(offices[1], hours="上班日 8:30–17:00")
    assert shared_hours([offices[0], other]) == ""
    assert shared_hours(offices) == offices[0].hours

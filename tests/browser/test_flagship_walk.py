"""A flagship of one lead and three neighbours: agreed by each chairperson on a phone, coached, filed, forwarded, decided and settled
together, each step at the page of the person whose step it is.
"""

import datetime as dt

import pytest

from communities.enums import Office
from communities.models import Alliance
from grants.models import Award
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.alliances import PLACES, neighbours
from tests.factories.communities import member_of
from tests.factories.grants import EnvelopeFactory
from tests.factories.money import county
from tests.grants.rulings import in_force

from . import deciding_steps, flagship_steps, settling_steps
from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DONE = dt.date(2010, 6, 25)
ASKED, SPENT = ("21,000", "15,000", "14,000", "10,000"), ("21,000", "14,500", "14,000", "10,000")


def standards() -> None:
    scheme = next(one for one in sync() if one.slug == "miaoli-welfare")
    EnvelopeFactory(scheme=scheme)
    for parameter, value in (("unit_caps", {}), ("case_cap", 60_000), ("own_share", [0, 1])):
        in_force(scheme, parameter=f"subsidy.{parameter}", value={"value": value}, on=dt.date(2010, 1, 6))


def test_a_flagship_from_the_agreement_to_the_accepted_account(page, phone, axe):
    standards()
    around, staff = neighbours(3), county("miaoli")
    clerk = person(Role.TOWNSHIP_OFFICER, "miaoli", township_code=PLACES[0][0], place_name=PLACES[0][1] + "公所")
    writer = member_of(around.lead, Office.STAFF)
    names = [body.name for body in (around.lead, *around.others)]

    made = proposed(at(page, around.chair), around)
    axe(page)
    own = agreed_on_a_phone(phone, around)
    own.sees("結盟中").fits()
    axe(phone)
    address = f"/registry/alliances/{made.pk}/"
    flagship_steps.coached(at(page, around.chair), own, address)

    number = flagship_steps.filed(at(page, writer), dict(zip(names, ASKED, strict=True)))
    at(page, around.chair).goes(f"/applications/{number}/edit/review/").press("確認送件").sees("已送件")
    flagship_steps.forwarded(at(page, clerk), number)
    flagship_steps.checked(at(page, staff.officer), number)
    flagship_steps.approved(at(page, staff.head), number)
    words = (names[0], flagship_steps.TITLE, "60,000")
    deciding_steps.issue_letter(at(page, staff.officer), "府社行字第0990003333號", *words)
    with clock.travel(DONE):
        flagship_steps.settled(at(page, writer), number, list(zip(names, SPENT, strict=True)))
        flagship_steps.checked_singly(at(page, staff.finance), number)
        settling_steps.check_content(at(page, staff.officer), number)
        settling_steps.accept(at(page, staff.head), number)
        own.goes(address).fits().press(names[3])
        own.sees("餐盒4", "10,000", "60,000", "59,500").fits()
        axe(phone)
    assert (Award.objects.get().settlement.status, Award.objects.get().total) == ("accepted", 60_000)
    read_by_the_county(at(page, staff.officer), made, names[3])
    axe(page)


def at(page, user) -> Person:
    give_session(page, user)
    return Person(page, user)


def proposed(lead: Person, around) -> Alliance:
    lead.goes(f"/registry/{around.lead.pk}/").press("社區結盟").press("發起社區結盟")
    lead.fill({"結盟名稱": "山線送餐結盟", "目的": "一起學送餐", "期間起": "99/1/1", "期間迄": "99/12/31"})
    lead.press("發起社區結盟").sees("請至少邀請一個協會")
    for body in around.others[:2]:
        lead.page.get_by_label(body.name).check()
    lead.page.get_by_label("其他鄉鎮市的協會").fill(around.others[2].name)
    lead.press("發起社區結盟").sees("已送出邀請", "等各理事長確認")
    return Alliance.objects.get()


def agreed_on_a_phone(phone, around) -> Person:
    """Each chairperson reads and agrees; the last one is returned."""
    for chair, body in zip(around.chairs, around.others, strict=True):
        own = at(phone, chair).goes(f"/registry/{body.pk}/alliances/").fits().press("看內容並確認")
        own.sees("一起學送餐").fits().fill({"貴會想學什麼": "想學送餐"}).press("確認參加結盟").sees("已確認結盟")
    return own


def read_by_the_county(county: Person, made: Alliance, last: str) -> None:
    county.goes("/registry/").press("社區結盟").sees("山線送餐結盟").fits()
    county.press("山線送餐結盟").sees("收退餐盒", "輔示範")
    county.goes(f"/alliances/{made.pk}/").sees("一起學送餐", last).fits()

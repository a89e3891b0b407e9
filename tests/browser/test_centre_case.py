"""A township's office applies for its own activity centre: filed by two people, checked and approved by the county, with its letter."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from communities.enums import Office
from communities.services import centres
from grants.models import Application
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import YUANLI, OrganisationFactory, chair_of, member_of, yuanli
from tests.factories.grants import EnvelopeFactory
from tests.factories.money import county
from tests.grants.rulings import in_force

from . import deciding_steps, filing_steps
from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def standards() -> None:
    scheme = next(one for one in sync() if one.slug == "miaoli-welfare")
    EnvelopeFactory(scheme=scheme)
    for parameter, value in (("unit_caps", {"meals": 80}), ("case_cap", 60_000), ("own_share", [0, 1])):
        in_force(scheme, parameter=f"subsidy.{parameter}", value={"value": value}, on=dt.date(2010, 1, 6))


def test_an_office_applies_for_its_activity_centre(page, phone, axe):
    standards()
    body = OrganisationFactory(
        kind="township_office", county="miaoli", name="苗栗縣苑裡鎮公所", township=yuanli(), registration_county=""
    )
    clerk = person(Role.TOWNSHIP_OFFICER, "miaoli", township_code=YUANLI, place_name="苑裡鎮公所")
    member_of(body, Office.STAFF, clerk)
    centre = centres.enter(clerk, body.township, name="山腳社區活動中心", address="山腳路66號")
    centres.put(clerk, centre, name="音響", quantity=1, condition="unusable")
    give_session(phone, clerk)
    own = Person(phone, clerk).goes("/applications/new/").sees("這個方案由苗栗縣立案的社區發展協會申請")
    own.press("開始填寫", phone.get_by_role("listitem").filter(has_text="社區活動中心及充實設備"))
    filled(own)
    axe(phone)
    case = Application.objects.get()
    chair = chair_of(body)
    give_session(phone, chair)
    Person(phone, chair).goes(f"/applications/{case.number}/edit/review/").press("確認送件").sees("已送件")
    decided(page, case.number)


def filled(own: Person) -> None:
    """The plan without its needs statement is not ready; then what stands in the centre is named."""
    if "edit/organisation" in own.page.url:
        own.fill({"聯絡人": "苑示範", "聯絡電話": "037-861000"}).press("下一步：計畫內容")
    words = ("計畫名稱", "為什麼要辦", "要做什麼", "幫助到誰")
    own.fill(dict.fromkeys(words, "山腳社區活動中心換音響") | {"開始日期": "99/7/1", "結束日期": "99/9/30"})
    own.fill({"哪一個活動中心": "山腳社區活動中心"}).fits().press("下一步：經費概算")
    line = filing_steps._add(own, "設備")
    own.fill({"用途說明": "移動式音響", "數量": "1", "申請補助": "20,000"}, line)
    own.press("下一步：附件").press("下一步：確認送件")
    own.sees("請回答「需求說明」", "送件前請先看", "活動中心的設備裡已經有").fits()
    own.press("到「計畫內容」").fill({"需求說明": "音響壞了，每星期三個團體使用"}).press(
        "儲存", own.page.locator(".foot")
    )
    own.goes(own.page.url.split("/edit/")[0] + "/edit/review/").press("送請首長確認").sees("已送請首長確認")


def decided(page, number: str) -> None:
    people = county("miaoli")
    give_session(page, people.officer)
    officer = Person(page, people.officer).goes(f"/applications/{number}/").press("收件")
    officer.goes(f"/applications/{number}/check/").sees("申請單位是公所，並有活動中心資料", "需求說明與設備清冊")
    for row in page.locator("fieldset.check").all():
        row.get_by_role("radio").first.check()
    officer.press("檢核完成").sees("檢核完成，進入審查").goes(f"/applications/{number}/proposal/")
    officer.sees("活動中心的設備裡已經有：山腳社區活動中心的音響 1 件")
    officer.page.locator("[name^=concern]").first.fill("舊的已經不能用")
    officer.press("送主管核定").sees("已提出核定建議")
    give_session(page, people.head)
    head = Person(page, people.head).goes(f"/applications/{number}/decision/").sees("舊的已經不能用")
    for box in page.locator("form input[type=checkbox]").all():
        box.check()
    head.press("核定並產生函稿").sees("已核定")
    expect(page.locator("body")).to_contain_text("20,000")
    give_session(page, people.officer)
    deciding_steps.issue_letter(
        Person(page, people.officer), "府社行字第0990003333號", "山腳社區活動中心", "苑裡鎮公所"
    )

"""A clerk files for an association at the counter, with a signed sheet or a code; wide, on a phone, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from communities.enums import CounterWay, Office
from communities.models import CounterVisit
from communities.services import counter
from communities.services.counter import Visitor
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Delivery, Reach
from tests.factories.accounts import person
from tests.factories.communities import QISHAN
from tests.grants.filing import ready_case

from .acting import Person, a_file, county_and_association, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", ["page", "page_without_js", "phone"])
def test_a_case_is_filed_with_the_signed_sheet(request, window, axe):
    browser = request.getfixturevalue(window)
    world = county_and_association()
    clerk = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")
    case = ready_case(world.organisation, world.chair)
    give_session(browser, clerk)
    at = Person(browser, clerk).goes(f"/registry/{world.organisation.pk}/")
    at.press("櫃檯代辦")
    at.fill({"來的人姓名": "林阿明"}).press("開始代辦")
    expect(browser.get_by_text("櫃檯代辦中").first).to_be_visible()
    if window != "page_without_js":
        axe(browser)
    at.goes(f"/applications/{case.number}/edit/review/")
    expect(browser.get_by_role("link", name="印確認單")).to_be_visible()
    at.press("上傳確認單")
    expect(browser.locator("main")).to_contain_text("請")
    at.field("理事長簽名的確認單").set_input_files(a_file("確認單.pdf"))
    at.press("上傳確認單")
    expect(browser.locator("main")).to_contain_text("已經同意，可以送件")
    at.press("確認送件")
    expect(browser.locator("main")).to_contain_text("已送件")
    at.goes(f"/registry/{world.organisation.pk}/counter/")
    at.fill({"辦了什麼": "送了一件申請"}).press("結束代辦")
    expect(browser.get_by_text("櫃檯代辦中")).to_have_count(0)
    assert CounterVisit.objects.get().said == "送了一件申請"
    at.fits()


@pytest.mark.parametrize("window", ["page", "page_without_js", "phone"])
def test_a_chairperson_who_telephones_confirms_by_a_code(request, window, axe, settings):
    settings.SMS_URL = "https://gateway.example.org/sms"
    browser = request.getfixturevalue(window)
    world = county_and_association()
    Reach.objects.create(user=world.chair, phone="0912345678", phone_confirmed_at=clock.now())
    clerk = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")
    case = ready_case(world.organisation, world.chair)
    counter.begin(clerk, world.organisation, Visitor(str(world.chair), Office.CHAIRPERSON, CounterWay.PHONE, "送件"))
    give_session(browser, clerk)
    at = Person(browser, clerk).goes(f"/applications/{case.number}/edit/review/")
    at.press("寄確認碼到理事長手機（末三碼 678）")
    expect(browser.locator("main")).to_contain_text("請把內容唸給理事長聽")
    at.fill({"理事長唸的確認碼": "12"}).press("核對確認碼")
    expect(browser.locator("main")).to_contain_text("確認碼不對，請理事長再唸一次。還可以填 4 次。")
    if window != "page_without_js":
        axe(browser)
    at.fits()
    code = re.search(r"確認碼 ([0-9]{6})", Delivery.objects.get(recipient=world.chair).text)[1]
    at.fill({"理事長唸的確認碼": code}).press("核對確認碼")
    expect(browser.locator("main")).to_contain_text("已經同意，可以送件")
    at.press("確認送件")
    expect(browser.locator("main")).to_contain_text("已送件")

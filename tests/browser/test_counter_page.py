"""A clerk files for an association at the counter: begin, fill in, sheet, signature, file, end; wide, and without scripts."""

import pytest
from playwright.sync_api import expect

from communities.models import CounterVisit
from miaoli_kaohsiung.accounts.enums import Role
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
    expect(browser.locator("main")).to_contain_text("簽名的確認單，可以送件")
    at.press("確認送件")
    expect(browser.locator("main")).to_contain_text("已送件")
    at.goes(f"/registry/{world.organisation.pk}/counter/")
    at.fill({"辦了什麼": "送了一件申請"}).press("結束代辦")
    expect(browser.get_by_text("櫃檯代辦中")).to_have_count(0)
    assert CounterVisit.objects.get().said == "送了一件申請"
    at.fits()

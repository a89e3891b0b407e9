"""A stack of signed sheets, uploaded at once: every page finds its case; wide, on a phone, and without scripts."""

import pytest
from playwright.sync_api import expect

from grants.services.applications import signatures
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import QISHAN
from tests.grants.filing import ready_case
from tests.grants.test_paper_batches import scanned

from .acting import Person, a_file, county_and_association, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", ["page", "page_without_js", "phone"])
def test_a_signed_sheet_finds_its_case(request, window):
    browser = request.getfixturevalue(window)
    world = county_and_association()
    clerk = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")
    case = ready_case(world.organisation, world.chair)
    upload = scanned(signatures.sheet(case), turns=(90,))
    give_session(browser, clerk)
    at = Person(browser, clerk).goes("/registry/").press("整批上傳掃描")
    at.field("掃描檔").set_input_files(a_file("整批.pdf", upload.read()))
    at.press("上傳並辨認")
    expect(browser.locator("main")).to_contain_text("全部附上了")
    expect(browser.locator("main")).to_contain_text(case.number)
    at.fits()
    assert case.documents.filter(kind="chair_signature").count() == 1

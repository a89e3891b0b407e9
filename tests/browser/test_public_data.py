"""The public site: a tile of the map leads to its associations, an association's page, the open data, on a phone as well."""

import re

import pytest
from playwright.sync_api import expect

from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import YUANLI, OrganisationFactory, chair_of
from tests.factories.money import approved, county

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_association_takes_its_registration_papers_along(page, axe):
    body = OrganisationFactory()
    chair = chair_of(body)
    give_session(page, chair)
    own = Person(page, chair).goes(f"/registry/{body.pk}/").press("登記文件").sees("變更登記申請書", "會員名冊").fits()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("ODT ?：職員名冊")).click()
    assert download.value.suggested_filename == f"officers-{body.pk}.odt"
    own.sees("紙上會留空的")


def test_the_county_at_a_glance_leads_to_its_lists(page, phone, axe):
    load_townships()
    approved(staff=county())
    head = person(Role.APPROVER)
    for window in (page, phone):
        give_session(window, head)
        own = Person(window, head).goes("/payments/").press("全縣一覽").fits()
        own.sees("各鄉鎮市的單位", "補助經費", "120,000")
        axe(window)
    page.locator("#townships summary").click()
    Person(page, head).press("旗山鎮").sees("示範")


def test_the_county_hands_on_what_it_gave_in_a_year(page, axe):
    award = approved(staff=county())
    finance = person(Role.FINANCE_OFFICER)
    give_session(page, finance)
    office = Person(page, finance).goes("/payments/").press("公開與彙報").sees("四季合計", "120,000").fits()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="捐補助清單（CGSS）ODS").click()
    assert download.value.suggested_filename == "central-kaohsiung-99.ods"
    office.press("第 2 季清單").sees(award.application.organisation.name, "120,000")


def test_from_the_map_to_an_association_and_to_the_files(page, phone, axe):
    load_townships()
    OrganisationFactory(
        name="苗栗縣苑裡鎮稻香社區發展協會", township_id=YUANLI, county=MIAOLI, current_tier="excellent"
    )
    nobody = person("auditor")
    wide = Person(page, nobody).goes("/communities/")
    page.get_by_text("在地圖上選鄉鎮市").click()
    with page.expect_navigation():
        page.get_by_role("link", name="苑裡鎮，1 個單位").click()
    wide.sees("稻香").fits()
    expect(page.locator(".tile-map")).to_have_count(1)
    page.get_by_text("看數字").click()
    axe(page)
    wide.press("苗栗縣苑裡鎮稻香社區發展協會").sees("還沒有獲得補助", "培力課程與志工", "志工")
    own = Person(phone, nobody).goes(f"/communities/?township={YUANLI}").fits()
    axe(phone)
    own.goes("/open-data/").press("看每一季的補助清單").fits().sees("第 2 季", "捐款專戶")
    axe(phone)
    own.goes("/open-data/").fits().sees("政府資料開放授權條款", "360Giving", "志願服務時數")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="360Giving").click()
    assert download.value.suggested_filename == "awards-360giving-20100601.json"
    axe(phone)

"""The public site: a tile of the map leads to its associations, an association's page, the open data, on a phone as well."""

import pytest
from playwright.sync_api import expect

from communities.services.organisations import load_townships
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import YUANLI, OrganisationFactory

from .acting import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    own.goes("/open-data/").fits().sees("政府資料開放授權條款", "360Giving", "志願服務時數")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="360Giving").click()
    assert download.value.suggested_filename == "awards-360giving-20100601.json"
    axe(phone)

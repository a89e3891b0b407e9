"""A township clerk's first review on a phone and by keyboard, and what the county reads of it."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from grants.enums import ApplicationStatus as S
from grants.models import Application
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN
from tests.factories.grants import SchemeFactory, terms_of

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case() -> Application:
    terms = terms_of(SchemeFactory(), township_first=True, first_review_items=["會址在本鎮", "附件齊全"])
    columns = {"first_filed_on": dt.date(2010, 5, 20), "status_since": dt.date(2010, 5, 20), "filed_under": terms}
    return reviews.filed(status=S.TOWNSHIP_REVIEW, title="社區共餐", **columns)


@pytest.fixture
def clerk():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)


def as_one(page: Page, user) -> Person:
    give_session(page, user)
    return Person(page, user)


def test_a_clerk_with_a_phone_is_led_to_what_is_missing_and_the_county_reads_the_opinion(case, clerk, phone, page):
    writer = as_one(phone, clerk).goes("/desk/").press("開始初審").sees("在公所已 12 天")
    writer.press("層轉縣府").sees("還沒有檢核結果").fits()
    phone.get_by_role("link", name="附件齊全").click()
    second = phone.get_by_role("group", name="附件齊全")
    expect(second).to_be_in_viewport()
    second.get_by_label("不符合").check()
    second.get_by_label("附件齊全：說明").fill("缺名冊")
    phone.get_by_role("group", name="會址在本鎮").get_by_label("符合", exact=True).check()
    phone.get_by_label("推薦", exact=True).check()
    writer.fill({"給縣府的說明": "名冊隨後補", "函轉文號": "旗鎮社字第0990001234號", "函轉日期": "99/5/24"})
    writer.press("層轉縣府").sees("已層轉縣府")
    officer = as_one(page, person(Role.CASE_OFFICER)).goes(f"/applications/{case.number}/")
    officer.sees("推薦", "名冊隨後補", "99年5月24日 旗鎮社字第0990001234號", "在公所 12 天")


def test_a_return_needs_no_mouse_and_no_script(case, clerk, page_without_js):
    page = page_without_js
    as_one(page, clerk).goes(f"/applications/{case.number}/forward/")
    page.get_by_role("group", name="附件齊全").get_by_label("符合", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("附件齊全：說明").focus()
    page.keyboard.type("缺名冊")
    page.get_by_role("button", name="儲存並退回協會補正").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("請補正的事項")).to_have_value("附件齊全：缺名冊")

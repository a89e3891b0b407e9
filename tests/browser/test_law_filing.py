"""A county's law is uploaded, mended where a mistake is shown, previewed, confirmed by another person and read by everybody."""

import pytest
from playwright.sync_api import expect

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.grants.law_filing import changed

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", ["page", "page_without_js", "phone"])
def test_from_the_upload_to_the_public_page(request, window):
    browser = request.getfixturevalue(window)
    officer, head = person(Role.CASE_OFFICER, MIAOLI), person(Role.APPROVER, MIAOLI)
    wrong = changed("rules.toml", '"meals.head"', '"meals.heads"')
    give_session(browser, officer)
    at_work = Person(browser, officer).goes("/laws/")
    browser.get_by_role("link", name="放進新的法規").first.click()
    uploads = [a_file(name, text.encode(), "application/toml") for name, text in wrong.items()]
    browser.get_by_label("上傳檔案").set_input_files(uploads)
    at_work.press("檢查並預覽")
    summary = browser.locator("[data-error-summary]")
    expect(summary).to_contain_text("[[cap]] 第 5 個　parameter：law.toml 裡沒有標準 meals.heads")
    rules = browser.get_by_label("rules.toml")
    assert rules.input_value() == wrong["rules.toml"]
    rules.fill(rules.input_value().replace("meals.heads", "meals.head"))
    at_work.press("檢查並預覽")
    expect(browser.get_by_role("heading", name="確認後的樣子")).to_be_visible()
    expect(browser.get_by_text("場地費每日須未滿 3,000 元").first).to_be_visible()
    at_work.press("提出，請同仁確認")
    expect(browser.get_by_text("等候另一位同仁確認，現在還沒有生效")).to_be_visible()
    address = browser.url
    give_session(browser, head)
    Person(browser, head).goes("/" + address.split("/", 3)[3]).press("確認這件變更")
    expect(browser.get_by_text("已確認", exact=True).first).to_be_visible()
    browser.context.clear_cookies()
    browser.goto("/schemes/taitung-civic/law/?chapter=all")
    expect(browser.get_by_role("heading", name="第五點（二）")).to_be_visible()
    expect(browser.get_by_text("同一團體一年以二萬元為原則").first).to_be_visible()

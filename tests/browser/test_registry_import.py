"""A county's list from its file into the registry, two records made one, and names that are alike while one is typed."""

import os

import pytest
from playwright.sync_api import expect

from communities.models import Organisation
from communities.services.organisations import index
from miaoli_kaohsiung.accounts.enums import Role
from tests.communities.registry_import.lists import as_csv, numbered, row, table
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD, NEW = "旗山鎮溪畔協會", "旗山鎮溪畔社區發展協會"
# Where to put pictures of the pages, for those who want to look at them.
PICTURES = os.environ.get("PICTURES", "")


def looks(window, axe, name: str) -> None:
    if axe:
        axe(window)
    if PICTURES:
        window.screenshot(path=f"{PICTURES}/{name}-{window.viewport_size['width']}.png", full_page=True)


def a_list() -> dict:
    rows = [row(numbered(number), 立案字號=f"府社區字第09800{number:04}號") for number in range(8)]
    rows += [
        row(NEW, 會址="旗山鎮新路2號", 立案字號="府社區字第0980009999號"),
        row("旗山鎮壞資料社區發展協會", 統編="123", 電話="12"),
    ]
    return a_file("名冊.csv", as_csv(table(rows)).read(), "text/csv")


@pytest.mark.parametrize("window", ["page", "phone", "page_without_js"])
def test_a_list_is_brought_in(request, window, axe):
    browser = request.getfixturevalue(window)
    axe = None if window == "page_without_js" else axe
    OrganisationFactory(name=NEW, registration_number="府社區字第0980009999號")
    user = person(Role.CASE_OFFICER)
    give_session(browser, user)
    officer = Person(browser, user)
    officer.goes("/registry/").press("匯入名單").fits()
    browser.get_by_label("名單檔案").set_input_files(a_list())
    looks(browser, axe, "file")
    officer.press("讀這個檔案").fits().sees("每一欄是什麼？")
    looks(browser, axe, "columns")
    expect(browser.get_by_label("鄉鎮市區")).to_have_value("township_id")
    browser.get_by_label("總幹事任期起").select_option("")
    officer.press("下一步：預覽").fits().sees("還沒有寫進登記資料", "新增 8 個單位、修改 1 個", "有問題的 1 列")
    looks(browser, axe, "preview")
    assert Organisation.objects.count() == 1
    officer.press("不匯入 1").fits().sees("第 11 列「統編」：", "統一編號為8位數字", "第 11 列「電話」：")
    looks(browser, axe, "refused")
    officer.press("確認匯入這 9 個單位").fits().sees("新增 8 個單位，修改 1 個，1 列沒有匯入")
    looks(browser, axe, "done")
    assert Organisation.objects.count() == 9
    with browser.expect_download() as caught:
        browser.goto("/registry/")
        browser.get_by_role("link", name="ODS").click()
    assert caught.value.suggested_filename.endswith(".ods")


@pytest.mark.parametrize("window", ["page", "phone"])
def test_two_records_become_one(request, window, axe, open_page):
    browser = request.getfixturevalue(window)
    kept, merged = OrganisationFactory(name=NEW), OrganisationFactory(name=OLD, tax_id="12345675")
    index([kept, merged])
    user, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    give_session(browser, user)
    officer = Person(browser, user).goes(f"/registry/{kept.pk}/").press("合併重複登記").fits().sees(OLD)
    looks(browser, axe, "merge")
    browser.get_by_label("為什麼是同一個單位").fill("同一張立案證書登記了兩次")
    officer.press("提出合併").fits().sees("等候另一位同仁確認")
    looks(browser, axe, "proposed")
    give_session(browser, head)
    second = Person(browser, head).goes(browser.url).sees(OLD)
    browser.get_by_text("前後相同的").click()
    second.sees("12345675")
    second.press("確認這件變更").fits().sees("已確認")
    second.goes(f"/registry/{merged.pk}/").fits().sees("併入的登記", OLD)
    assert browser.url.endswith(f"/registry/{kept.pk}/")
    looks(browser, axe, "merged")


def test_alike_names_are_shown_while_one_is_typed(page, page_without_js, axe):
    body = OrganisationFactory(name=NEW)
    user = person(Role.CASE_OFFICER)
    give_session(page, user)
    page.goto("/registry/new/")
    page.get_by_label("立案全名").press_sequentially("旗山鎮溪畔社區協會")
    shown = page.locator("#alike").get_by_role("link", name=NEW)
    expect(shown).to_have_attribute("href", f"/registry/{body.pk}/")
    axe(page)
    page.context.clear_cookies()
    page.goto("/accounts/request/")
    page.get_by_label("協會或單位全名").press_sequentially("旗山溪畔社區發展協會")
    expect(page.locator("#alike")).to_be_empty()
    page.get_by_label("協會或單位全名").fill("溪畔社區發展協會")
    expect(page.locator("#alike").get_by_role("link", name=NEW)).to_have_attribute("href", f"/communities/{body.pk}/")
    axe(page)
    visitor = Person(page_without_js, user).goes("/accounts/request/")
    visitor.fill({"協會或單位全名": "溪畔社區發展協會", "您的姓名": "王示範", "聯絡電話": "07-6610001"})
    page_without_js.get_by_label("在哪個鄉鎮市").select_option("旗山鎮")
    page_without_js.get_by_label("您的職稱").select_option("承辦人")
    visitor.press("送出申請").fits().sees(f"名錄裡有名稱很像的：{NEW}")
    page_without_js.get_by_label("我確認過了，沒有錯").check()
    visitor.press("送出申請").sees("接下來")

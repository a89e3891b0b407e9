"""A county's own data with the mouse: a new signatory stands on the next letter, a third county is there at once."""

import pytest
from playwright.sync_api import Page, expect

from miaoli_kaohsiung.accounts.enums import Role
from tests.communities.test_counties import LIST, TAITUNG
from tests.factories import reviews
from tests.factories.accounts import person
from tests.grants.issuing import NUMBER

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(page: Page, user) -> Person:
    page.context.clear_cookies()
    give_session(page, user)
    return Person(page, user)


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_a_new_signatory_stands_on_the_next_letter(request, window):
    page, people = request.getfixturevalue(window), reviews.staff()
    letter = reviews.approved(people).application.letters.get()
    officer = at(page, people.officer).goes("/changes/").press("縣市名稱、公文抬頭與鄉鎮市區").press("高雄縣")
    officer.press("提出變更").fill({"署名的姓名": "示範辛", "傳真": "傳真機在隔壁"}).press("提出，請同仁確認")
    expect(page.get_by_text("電話請填數字").first).to_be_visible()
    officer.fill({"傳真": "07-7000002"}).press("提出，請同仁確認").sees("縣長　示範辛")
    officer.goes("/counties/kaohsiung/edit/")
    # What was sent is not offered again.
    expect(page.get_by_text("還沒存進去的內容")).to_have_count(0)
    at(page, people.head).goes("/desk/").press("看變更").press("確認這件變更").sees("已確認")
    writer = at(page, people.officer).goes(f"/letters/{letter.pk}/")
    writer.fill({"發文字號": NUMBER}).press("核對後發文").sees("縣長　示範辛")


def test_a_third_county_is_there_at_once(phone):
    one, other = (person(Role.ADMINISTRATOR, "") for _number in range(2))
    founder = at(phone, one).goes("/counties/").press("新增縣市")
    words = {
        "代號": "taitung",
        "縣市名稱": TAITUNG["name"],
        "郵遞區號": TAITUNG["postal_code"],
        "機關地址": TAITUNG["street"],
        "電話": TAITUNG["phone"],
        "署名的職銜": TAITUNG["signatory"],
        "署名的姓名": TAITUNG["signatory_name"],
        "主辦單位": TAITUNG["department"],
        "主計單位": TAITUNG["accounting"],
        "訴願管轄機關": TAITUNG["ministry"],
        "網頁顏色": TAITUNG["accent"],
    }
    founder.fill(words).field("鄉鎮市區清單").set_input_files(a_file("鄉鎮.csv", LIST.encode(), "text/csv"))
    founder.press("提出，請另一位管理員確認").sees("新增縣市：臺東縣（3 個鄉鎮市區）", "成功鎮")
    at(phone, other).goes("/changes/").press("新增縣市：臺東縣").press("確認這件變更").sees("已確認")
    phone.context.clear_cookies()
    phone.goto("/accounts/request/")
    expect(phone.locator(".brand")).to_contain_text("臺東縣政府")
    expect(phone.get_by_label("在哪個鄉鎮市").locator("optgroup[label=臺東縣] option")).to_have_text(
        ["臺東市", "成功鎮", "關山鎮"]
    )
    # The page of the county has its colour.
    at(phone, other).goes("/counties/taitung/")
    assert (
        phone.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')") == TAITUNG["accent"]
    )

"""A roster on a phone: people row by row, reckoned by the portal, kept, changed, and looked at by finance."""

import pytest
from playwright.sync_api import expect

from grants.models import Voucher
from tests.chromium import PHONE
from tests.factories.money import approved, county, member
from tests.grants import settling
from tests.grants.papers import paper
from tests.grants.vouchers import entered

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def row(place: int, staff: Person, **cells: str) -> None:
    for name, value in cells.items():
        cell = staff.page.locator(f"#id_row-{place}-{name}")
        if name == "month":
            cell.select_option(label=value)
        else:
            cell.fill(value)


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_people_are_paid_and_finance_sees_what_is_too_much(request, window, axe):
    browser = request.getfixturevalue(window)
    browser.set_viewport_size(PHONE)
    officers = county()
    award = approved(staff=officers)
    award.lines.filter(position=1).update(item="casual_pay")
    user = member(award)
    settlement = settling.opened(award, user)
    give_session(browser, user)
    staff = Person(browser, user).goes(f"/settlements/{award.number}/vouchers/")
    staff.press("記印領清冊").fits()
    if window == "phone":
        axe(browser)
    row(0, staff, name="林阿香", national_id="A123456789", month="99年5月", count="10", hours="4", rate="100")
    row(1, staff, name="陳大明", national_id="S222222222", month="99年5月", count="2", hours="4", rate="95")
    staff.fill({"付款日期": "99/5/31", "做了什麼": "關懷訪視"}).press("算算看")
    staff.sees("應領 4,000 元", "合計 4,760 元", "臨時酬勞每小時最高 95 元", "肆、一、4").fits()
    staff.press("儲存清冊").sees("清冊有標出來的地方")
    staff.fill({"說明": "差額由本會自付"}).press("儲存清冊").sees("已存第 1 號印領清冊，合計 4,760 元").fits()
    staff.press("1 號")
    expect(browser.locator("#id_row-1-name")).to_have_value("陳大明")
    staff.press("多加幾列")
    expect(browser.locator("#id_row-8-name")).to_be_visible()
    staff.press("儲存清冊").sees("合計 4,760 元")
    if window == "page_without_js":
        return
    entered(settlement, user, 40_000, place=2, photo=paper())
    settling.hand_in(settlement, user, 4_760, 40_000)
    give_session(browser, officers.finance)
    finance = Person(browser, officers.finance).goes(f"/settlements/{award.number}/vouchers/").press("逐張核對")
    finance.sees("A123456789", "臨時酬勞每小時最高 95 元").fits()
    axe(browser)
    expect(finance.field("准予核銷（元）")).to_have_value("4,560")
    finance.press("照填的金額准予").sees("核對第 2 號單據").goes("/payees/").sees("林阿香").fits()
    with browser.expect_download():
        browser.get_by_role("button", name="匯出").first.click()
    kept = Voucher.objects.get(position=1)
    assert (kept.admitted, "肆、一、4" in kept.reason) == (4_560, True)

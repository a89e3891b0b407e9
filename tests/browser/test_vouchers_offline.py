"""A voucher, or a roster, is entered where there is no net, waits on the phone with its photo, and is sent once when the net is
back.
"""

import pytest
from playwright.sync_api import Page, expect

from grants.models import Voucher
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, member
from tests.files.invoice_photos import BUYER
from tests.grants import settling
from tests.grants.test_rosters import AH_XIANG, first, kept
from tests.grants.vouchers import entered

from .acting import Person, give_session
from .test_vouchers_on_a_phone import a_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PAGES_ON_THE_DEVICE = """async () => {
    const store = await caches.open("entry-pages");
    const pages = (await store.keys()).map(async (one) => (await store.match(one)).text());
    return (await Promise.all(pages)).join("");
}"""


def waiting(page: Page):
    return page.locator("[data-waiting-vouchers]")


def enter(staff: Person, amount: str, payee: str, photo: dict | None = None) -> None:
    browser = staff.page
    browser.locator("input[name=line]").first.check()
    staff.field("收據").check()
    staff.field("是「").check()
    if photo:
        browser.locator("input[name=photo]").set_input_files(photo)
    staff.fill({"金額（元）": amount, "單據日期": "99/5/20", "店家或受款人": payee, "買了什麼": "米"})
    browser.get_by_role("button", name="存好，記下一張").click()


def test_without_a_net_nothing_is_lost_and_with_one_nothing_is_entered_twice(phone, axe):
    award = approved(organisation=OrganisationFactory(tax_id=BUYER))
    user = member(award)
    settlement = settling.opened(award, user)
    give_session(phone, user)
    staff = Person(phone, user).goes(f"/settlements/{award.number}/vouchers/new/")
    expect(waiting(phone)).to_have_attribute("data-ready", "yes")
    phone.context.set_offline(True)
    # Any page of the vouchers opens as the page of entry, with its style.
    staff.goes(f"/settlements/{award.number}/vouchers/new/").sees("記一張單據：照單據填").fits()
    enter(staff, "1,200", "", None)
    expect(waiting(phone)).to_contain_text("還沒填：店家或受款人")
    enter(staff, "1,200", "旗山米行", a_photo())
    expect(waiting(phone)).to_contain_text("1 張單據等網路恢復後送出")
    expect(staff.field("店家或受款人")).to_have_value("")
    enter(staff, "3,300", "大同印刷")
    expect(waiting(phone)).to_contain_text("2 張單據等網路恢復後送出")
    axe(phone)
    staff.fits()
    # They are still there after the browser was closed; meanwhile the office's computer enters the same receipt.
    staff.goes(f"/settlements/{award.number}/vouchers/add/")
    expect(waiting(phone)).to_contain_text("大同印刷　3,300 元　99/5/20")
    expect(phone.locator("#voucher")).not_to_contain_text("還沒存進去的內容")
    entered(settlement, user, 3_300, issued_on=settling.DONE.replace(day=20), payee="大同印刷")
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("已送出 1 張")
    expect(waiting(phone)).to_contain_text("同一筆支出不能報兩次")
    expect(waiting(phone)).to_contain_text("1 張單據縣府沒有收下")
    sent = Voucher.objects.get(payee="旗山米行")
    assert (sent.amount, sent.photo is not None, sent.entry_key is not None, Voucher.objects.count()) == (
        1_200, True, True, 2,
    )  # fmt: skip
    mend_the_double(staff)
    # Signed out, the page is gone from the device.
    phone.context.clear_cookies()
    phone.goto("/")
    phone.wait_for_function("async () => !(await caches.has('entry-pages'))")
    assert list(Voucher.objects.order_by("pk").values_list("amount", "same_reason")) == [
        (3_300, ""), (1_200, ""), (3_300, "同一天印兩次"),
    ]  # fmt: skip


def mend_the_double(staff: Person) -> None:
    """It opens with all that was typed, is explained, and then waits no more."""
    browser = staff.page
    waiting(browser).get_by_role("link", name="打開來改").click()
    expect(staff.field("店家或受款人")).to_have_value("大同印刷")
    staff.press("存好，記下一張").sees("同一筆支出不能報兩次")
    staff.fill({"為什麼不是重複報支": "同一天印兩次"}).press("存好，記下一張").sees("已存第 3 號單據")
    expect(waiting(browser)).to_contain_text("已送出 1 張")
    staff.goes(f"/settlements/{Voucher.objects.first().settlement.number}/vouchers/")
    expect(waiting(browser)).to_be_hidden()


def fill_roster(staff: Person, name: str, rate: str, day: str) -> None:
    browser = staff.page
    cells = {"name": name, "count": "2", "hours": "4", "rate": rate}
    for cell, text in cells.items():
        browser.locator(f"#id_row-0-{cell}").fill(text)
    browser.locator("#id_row-0-month").select_option(label="99年5月")
    staff.fill({"付款日期": day, "做了什麼": "關懷訪視"})


def test_a_roster_waits_without_the_numbers_of_its_people(phone, axe):
    """Whoever stood on the last roster keeps their number when it is sent; of others it is asked."""
    award = approved()
    award.lines.filter(position=1).update(item="casual_pay")
    award.application.lines.filter(position=1).update(item="casual_pay")
    user = member(award)
    settlement = settling.opened(award, user)
    kept(settlement, AH_XIANG)
    page = f"/settlements/{award.number}/rosters/{first(settlement).pk}/add/"
    give_session(phone, user)
    staff = Person(phone, user).goes(f"/settlements/{award.number}/vouchers/")
    expect(waiting(phone)).to_have_attribute("data-ready", "yes")
    phone.context.set_offline(True)
    staff.goes(page).sees("記印領清冊").fits()
    expect(phone.locator("#id_row-0-name")).to_have_value("林阿香")
    assert "A123456789" not in phone.evaluate(PAGES_ON_THE_DEVICE)
    phone.get_by_role("button", name="算算看").last.click()
    expect(waiting(phone)).to_contain_text("沒有網路，不能算")
    fill_roster(staff, "林阿香", "95", "99/5/30")
    phone.get_by_role("button", name="儲存清冊").click()
    expect(waiting(phone)).to_contain_text("1 張單據等網路恢復後送出")
    fill_roster(staff, "陳大明", "90", "99/5/31")
    phone.locator("#id_row-0-national_id").fill("S222222222")
    phone.get_by_role("button", name="儲存清冊").click()
    expect(waiting(phone)).to_contain_text("印領清冊　陳大明　99/5/31")
    axe(phone)
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("已送出 1 張")
    expect(waiting(phone)).to_contain_text("陳大明　身分證字號")
    sent = Voucher.objects.get(amount=760)
    assert (sent.payee, sent.people.get().national_id, sent.entry_key is None) == ("林阿香", "A123456789", False)
    waiting(phone).get_by_role("link", name="打開來改").click()
    expect(phone.locator("#id_row-0-name")).to_have_value("陳大明")
    expect(phone.locator("#id_row-0-national_id")).to_have_value("")
    phone.locator("#id_row-0-national_id").fill("S222222222")
    staff.press("儲存清冊").sees("已存第 3 號印領清冊，合計 720 元")
    expect(waiting(phone)).to_contain_text("已送出 1 張")
    staff.goes(f"/settlements/{award.number}/vouchers/")
    expect(waiting(phone)).to_be_hidden()
    assert list(Voucher.objects.order_by("pk").values_list("amount", flat=True)) == [3_800, 760, 720]

"""Vouchers on a phone: the association enters them one by one and hands in; finance looks at each beside its photo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from grants.models import Award, Settlement, Voucher
from grants.services.settlements import photos
from tests.chromium import PHONE
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, county, member
from tests.files import invoice_photos
from tests.files.invoice_photos import BUYER, left_text, printed
from tests.grants import settling
from tests.grants.papers import paper
from tests.grants.vouchers import entered

from . import settling_steps
from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_photo(**fields) -> dict:
    out = io.BytesIO()
    printed(left_text(**fields)).save(out, "JPEG")
    return a_file("發票.jpg", out.getvalue(), "image/jpeg")


def take(staff: Person, photo: dict, *, scripts: bool) -> None:
    staff.page.locator("input[type=file]").first.set_input_files(photo)
    if scripts:
        expect(staff.page.locator("main")).to_contain_text("已收到")
    staff.press("下一步")


def choose(staff: Person, *labels: str) -> None:
    for label in labels:
        staff.field(label).check()


def test_the_phone_reads_the_code_itself(phone, monkeypatch):
    """Nothing is left to the server, nothing comes from elsewhere, and nothing is fetched before a photo was chosen."""
    monkeypatch.setattr(photos, "code_on_held", lambda user, token: pytest.fail("the browser has read it"))
    award = approved(organisation=OrganisationFactory(tax_id=BUYER))
    user = member(award)
    settling.opened(award, user)
    give_session(phone, user)
    staff = Person(phone, user).goes(f"/settlements/{award.number}/vouchers/new/")
    fetched = "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)"
    assert [path for path in phone.evaluate(fetched) if "/zxing/" in path] == []
    phone.locator("input[type=file]").first.set_input_files(a_photo())
    expect(phone.locator("[data-code-state]")).to_contain_text("AB12345678，99/5/3，1,200 元")
    # The browser may ask twice for a module whose answer is on its way.
    assert {path for path in phone.evaluate(fetched) if "/zxing/" in path} == {
        "/static/zxing/index.js",
        "/static/zxing/zxing_reader.wasm",
    }
    expect(phone.locator("main")).to_contain_text("已收到")
    staff.fits().press("下一步").sees("發票上的 QR 碼讀到了：AB12345678，1,200 元")
    expect(staff.field("金額（元）")).to_have_value("1,200")


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_from_the_first_photo_to_handing_in(request, window, axe):
    browser = request.getfixturevalue(window)
    scripts = window == "phone"
    browser.set_viewport_size(PHONE)
    award = approved(organisation=OrganisationFactory(tax_id=BUYER))
    user = member(award)
    settling.opened(award, user)
    give_session(browser, user)
    staff = Person(browser, user).goes(f"/settlements/{award.number}/").fits()
    staff.press("記一張單據", browser.locator("#vouchers")).fits()
    # The code on the photo fills in what it knows; the person looks, chooses the line and says what it was for.
    take(staff, a_photo(), scripts=scripts)
    staff.sees("發票上的 QR 碼讀到了：AB12345678，1,200 元").fits()
    if scripts:
        axe(browser)
    expect(staff.field("金額（元）")).to_have_value("1,200")
    expect(staff.field("單據日期")).to_have_value("99/5/3")
    expect(staff.field("電子發票")).to_be_checked()
    staff.press("存好，記下一張").sees("請先改好")
    line = award.lines.get(position=1)
    browser.locator(f'input[name=line][value="{award.settlement.lines.get(line=line).pk}"]').check()
    staff.fill({"店家或受款人": "旗山超市", "買了什麼": "米、蛋"}).press("存好，記下一張").sees(
        "已存第 1 號單據，1,200 元"
    )
    enter_a_double_and_too_much(staff, award, scripts=scripts)
    mend_and_hand_in(staff, scripts=scripts)
    assert [line.spent for line in Settlement.objects.get().lines.all()] == [1_200, 40_000]


def enter_a_double_and_too_much(staff: Person, award: Award, *, scripts: bool) -> None:
    """The same paper again is found at once, and must be explained; more than the line holds leads to the lawful way."""
    browser = staff.page
    take(staff, a_photo(), scripts=scripts)
    expect(staff.field("店家或受款人")).to_have_value("旗山超市")
    browser.locator("input[name=line]").first.check()
    staff.fill({"買了什麼": "米、蛋"}).press("存好，記下一張").sees("同一筆支出不能報兩次").fits()
    staff.fill({"為什麼不是重複報支": "同一張發票分列兩項"}).press("存好，記下一張").sees("已存第 2 號單據")
    staff.press("沒有照片，直接填")
    browser.locator("input[name=line]").last.check()
    choose(staff, "收據", "是「")
    staff.fill({"金額（元）": "45,000", "單據日期": "99/5/20", "店家或受款人": "大同印刷", "買了什麼": "手冊"})
    staff.press("存好，記下一張").sees("已經超過核定", "超過核定的由單位自付").fits()
    over = award.lines.get(position=2).pk
    way = f"/awards/{award.number}/amendments/new/?line={over}&amount=5000#line-{over}"
    expect(browser.get_by_role("link", name="申請流用")).to_have_attribute("href", way)
    leave_one_that_fits_no_line(staff)


def leave_one_that_fits_no_line(staff: Person) -> None:
    """It leads to a change of the approval with its amount, and what was typed waits."""
    browser, number = staff.page, Settlement.objects.get().number
    staff.goes(f"/settlements/{number}/vouchers/add/")
    staff.fill({"金額（元）": "3,300", "買了什麼": "帳篷"}).press("先申請流用或新增一項").sees("申請計畫變更").fits()
    expect(browser.locator("#id_reason")).to_have_value(
        "有一張 3,300 元的單據，核定的項目裡沒有，或超過那一項的核定金額。"
    )
    browser.locator("select[name=item]").select_option("miscellaneous")
    staff.press("＋ 新增一項")
    expect(browser.locator("#id_new-1-requested")).to_have_value("3,300")
    staff.goes(f"/settlements/{number}/vouchers/").press("接著記等變更的那一張單據")
    expect(staff.field("買了什麼")).to_have_value("帳篷")
    staff.goes(f"/settlements/{number}/vouchers/")


def mend_and_hand_in(staff: Person, *, scripts: bool) -> None:
    """The dear one is put right and given its photo, the double goes; then the rest of the report, and it is sent."""
    browser = staff.page
    staff.press("3 號")
    browser.locator("input[type=file]").first.set_input_files(a_file("收據.pdf"))
    if scripts:
        expect(browser.locator("main")).to_contain_text("已收到")
    staff.fill({"金額（元）": "40,000"}).press("儲存").sees("已儲存第 3 號單據").press("2 號")
    staff.press("刪除這張單據").sees("已刪除第 2 號單據", "共 2 張，合計 41,200 元").press("回結報")
    staff.sees("1 張單據加總", "單據照片就可以", "如果今天結報")
    for kind in ("photos", "activity"):
        browser.locator(f"#papers-{kind} input[type=file]").first.set_input_files(a_file(f"{kind}.pdf"))
        if scripts:
            expect(browser.locator(f"#papers-{kind}")).to_contain_text("已上傳")
    staff.fill({"成果說明": "辦了二十場", "服務人次": "640"})
    settling_steps.send(staff)


def three_vouchers(award: Award) -> Settlement:
    user = member(award)
    settlement = settling.opened(award, user)
    ((_code, photo),) = invoice_photos.photos(1)
    for amount, place, file in (
        (1_200, 1, SimpleUploadedFile("收據.jpg", photo)),
        (800, 1, paper()),
        (40_000, 2, paper()),
    ):
        entered(settlement, user, amount, place=place, payee=f"商行{amount}", photo=file)
    settling.hand_in(settlement, user, 2_000, 40_000)
    return settlement


def make_straight(finance: Person) -> None:
    finance.page.locator("summary", has_text="拉正看").click()
    finance.page.locator("details[open] img.voucher").scroll_into_view_if_needed()
    finance.page.wait_for_function("() => document.querySelector('details[open] img.voucher').naturalWidth > 200")
    finance.fits()


def test_finance_checks_voucher_by_voucher(phone, page, axe):
    staff = county()
    award = approved(staff=staff)
    settlement = three_vouchers(award)
    give_session(phone, staff.finance)
    finance = Person(phone, staff.finance).goes(f"/settlements/{award.number}/")
    finance.press("逐張核對", phone.locator(".next")).sees("還有 3 張沒有核").fits()
    make_straight(finance)
    finance.press("全數准予 1,200 元").sees("核對第 2 號單據").fits()
    axe(phone)
    give_session(page, staff.finance)
    finance = Person(page, staff.finance).goes(phone.url)
    # By keys: forward, back, into the amount, and the reason that it asks for.
    with page.expect_navigation():
        page.keyboard.press("j")
    finance.sees("核對第 3 號單據")
    with page.expect_navigation():
        page.keyboard.press("k")
    page.keyboard.press("2")
    expect(finance.field("准予核銷（元）")).to_be_focused()
    page.keyboard.type("500")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    finance.sees("沒有全數准予核銷時，請寫理由")
    finance.fill({"減列或剔除的理由": "含菸酒"}).press("照填的金額准予").sees("核對第 3 號單據")
    with page.expect_navigation():
        page.keyboard.press("1")
    finance.sees("單據都核過了", "各張准予合計 1,700 元")
    finance.press("憑證已核", page.locator(".next")).sees("憑證已核，已通知承辦人")
    line = settlement.lines.get(line__position=1)
    assert (line.admitted, line.reason) == (1_700, "2 號：含菸酒")
    assert list(Voucher.objects.values_list("admitted", flat=True)) == [1_200, 500, 40_000]

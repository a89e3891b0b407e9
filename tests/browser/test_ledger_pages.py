"""The ledger of an award on a phone: a transfer that the bank returned and one that left twice, asked for by one person
and confirmed by another.
"""

import pytest
from playwright.sync_api import Page, expect

from grants.models import Award
from grants.queries.payments import movements, overpaid
from tests.factories import letters, money
from tests.grants.settling import accepted, paid_first

from . import deciding_steps
from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(page: Page, user, path: str) -> Person:
    give_session(page, user)
    return Person(page, user).goes(path).fits()


def test_a_payment_is_put_right_by_two_people(phone, portal_date):
    staff = money.county()
    award = money.approved(staff=staff)
    paid_first(award, staff)
    book = f"/awards/{award.number}/ledger/"

    cashier = at(phone, staff.cashier, f"/awards/{award.number}/").press("收支紀錄與更正")
    cashier.press("重複撥付").fits()
    cashier.fill({"撥出的日期": "99/6/1", "付款憑單號碼": "2", "怎麼發現的": "銀行來電"}).press("送另一位同仁確認")
    at(phone, staff.head, "/desk/").press("看變更").press("確認這件變更").sees("已確認")
    assert overpaid(award) == 60_000
    letter = award.application.letters.get(kind="overpaid")
    assert "新臺幣陸萬元整" in "".join(letter.explanation)
    letters.issued(staff.officer, letter)
    at(phone, money.member(award), f"/awards/{award.number}/").sees("縣府多撥了 60,000 元").sees("99年7月")
    cashier = at(phone, staff.cashier, book)
    cashier.fill({"收款憑單號碼": "收1"}).press("登記收回").sees("已登記收回")
    assert overpaid(award) == 0

    at(phone, staff.cashier, book).press("退匯或登錯")
    phone.get_by_label("退匯：帳戶不能入帳").check()
    cashier.fill({"退匯通知的號碼": "退1", "說明": "戶名不符"}).press("送另一位同仁確認")
    at(phone, staff.head, "/desk/").press("看變更").press("確認這件變更").sees("已確認")
    assert movements(Award.objects.get()).paid == 0
    at(phone, staff.cashier, book)
    expect(phone.get_by_role("link", name="已更正")).to_be_visible()
    expect(phone.get_by_text("對帳相符")).to_be_visible()
    paid_again(phone, staff, award)


def paid_again(phone: Page, staff, award: Award) -> None:
    """With a copy of the passbook, which the bank's return makes necessary, to the account that is approved anew."""
    own = at(phone, money.member(award), f"/awards/{award.number}/").press("送領據請款")
    own.fill({"領據字號": "旗示字第3號"}).field("蓋好圖記的領據").set_input_files(a_file("領據.pdf"))
    own.press("送出領據").sees("這一期曾經退匯，請附存摺封面影本")
    own.field("存摺封面影本").set_input_files(a_file("存摺.pdf"))
    own.press("送出領據").sees("領據已送出")
    officer = at(phone, staff.officer, f"/awards/{award.number}/").press("退回領據").fits()
    officer.fill({"退回的原因": "領據日期不清楚"}).press("退回領據").sees("領據已退回")
    own = at(phone, own.user, f"/awards/{award.number}/").sees("領據日期不清楚").press("送領據請款")
    own.fill({"領據字號": "旗示字第4號"}).field("蓋好圖記的領據").set_input_files(a_file("領據.pdf"))
    own.field("存摺封面影本").set_input_files(a_file("存摺.pdf"))
    own.press("送出領據").sees("領據已送出")
    deciding_steps.approve_payment(at(phone, staff.officer, "/desk/"), award.number)
    head = at(phone, staff.head, f"/awards/{award.number}/").press("退回核付").fits()
    head.fill({"退回核付的原因": "帳戶再查一次"}).press("退回核付").sees("已退回核付")
    deciding_steps.approve_payment(at(phone, staff.officer, "/desk/"), award.number)
    deciding_steps.pay(at(phone, staff.cashier, "/desk/"), award.number, "0990600007")
    at(phone, staff.cashier, f"/awards/{award.number}/ledger/").sees("0990600007", "對帳相符")
    assert movements(Award.objects.get()).paid == 60_000


def test_an_acceptance_is_taken_back_by_two_people_and_checked_anew(phone, portal_date):
    staff = money.county()
    award = money.approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000))

    officer = at(phone, staff.officer, f"/settlements/{award.number}/").press("核銷有錯，或訴願決定撤銷").fits()
    officer.fill({"簽或訴願決定書的文號": "簽0990001", "核銷哪裡有錯": "第 2 項重複計算"}).press("送主管確認")
    at(phone, staff.head, "/desk/").press("看變更").press("確認這件變更").sees("已確認")
    assert Award.objects.get().settlement.status == "submitted"
    at(phone, staff.finance, f"/settlements/{award.number}/").sees("簽0990001")
    at(phone, money.member(award), f"/settlements/{award.number}/").sees("已送結報")

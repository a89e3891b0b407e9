"""The ledger of an award on a phone: a transfer that the bank returned and one that left twice, asked for by one person
and confirmed by another.
"""

import pytest
from playwright.sync_api import Page, expect

from grants.models import Award
from grants.queries.payments import movements, overpaid
from tests.factories import letters, money
from tests.grants.settling import accepted, paid_first

from .acting import Person, give_session

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

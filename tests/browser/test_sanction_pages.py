"""柒三 on a phone, from the officer's record to its end: a project that nobody carried out bars its association until it is
refused on filing, what was misused is deducted at the settlement, and a decision that does not stand is lifted.
"""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from grants.enums import AwardStatus
from grants.models import Application, Award, LedgerEntry, Sanction
from miaoli_kaohsiung.lib import clock
from tests.factories import letters, money
from tests.factories.communities import chair_of
from tests.grants.filing import ready_case
from tests.grants.settling import paid_first, submitted

from . import deciding_steps, settling_steps
from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(page: Page, user, path: str) -> Person:
    give_session(page, user)
    return Person(page, user).goes(path).fits()


def recorded(phone: Page, staff, award: Award, event: str, reason: str, **amounts: str) -> Sanction:
    """The officer records it from the award's page; the head sees it on the desk and confirms."""
    officer = at(phone, staff.officer, f"/awards/{award.number}/").press("登錄未執行、支用不當或廢止").fits()
    phone.get_by_label(event, exact=True).check()
    officer.fill({"事實與理由": reason, "單位陳述意見的日期": "99/5/20", "決定處分的日期": "99/6/1"} | amounts)
    officer.press("登錄，等另一位確認").sees("確認前不會生效")
    row = Sanction.objects.latest("pk")
    head = at(phone, staff.head, "/desk/").press("看處分").sees(reason)
    head.press("確認處分").sees("已確認").fits()
    row.refresh_from_db()
    return row


def test_a_project_that_was_not_carried_out_bars_until_it_is_refused_on_filing(phone, axe):
    staff = money.county()
    award = money.approved(staff=staff)
    paid_first(award, staff)
    body, someone = award.application.organisation, money.member(award)
    row = recorded(phone, staff, award, "計畫未執行", "活動沒有辦理")
    deciding_steps.issue_letter(at(phone, staff.officer, "/letters/"), "府社區字第0990003333號", "活動沒有辦理")
    at(phone, staff.officer, "/sanctions/")
    with phone.expect_download():
        phone.get_by_role("button", name="匯出").first.click()
    # All that was paid comes back, and the award is over.
    own = at(phone, someone, f"/settlements/{award.number}/").sees("請繳回 60,000 元")
    settling_steps.show_return(own, award.number, "60,000", "99/6/1")
    settling_steps.record_return(at(phone, staff.cashier, "/desk/"), award.number, "60,000", "收一")
    assert list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount"))[-1] == ("returned", 60_000)
    assert Award.objects.get().status == AwardStatus.NOT_EXECUTED
    # In the two years after it, who thinks of applying reads it first, and what is filed is refused.
    chair = chair_of(body)
    case = ready_case(body, starts_on=dt.date(2011, 3, 1), ends_on=dt.date(2011, 6, 30))
    with clock.travel(dt.date(2011, 1, 3)):
        at(phone, someone, "/applications/new/").sees(
            "您的單位目前不能申請這個方案", "府社區字第0990003333號", "101年12月31日"
        )
        axe(phone)
        at(phone, chair, f"/applications/{case.number}/edit/review/").sees("柒、三")
        expect(phone.get_by_role("button", name="確認送件")).to_have_count(0)
    case.refresh_from_db()
    assert (case.status, Application.objects.filter(first_filed_on=None).count()) == ("draft", 1)
    lifted(phone, staff, row)
    with clock.travel(dt.date(2011, 1, 3)):
        at(phone, chair, f"/applications/{case.number}/edit/review/").press("確認送件").sees("已送件")


def lifted(phone: Page, staff, row: Sanction) -> None:
    """After an appeal: refused for want of a paper, asked again, and confirmed by another."""
    page = f"/sanctions/{row.pk}/"
    for refused in (True, False):
        officer = at(phone, staff.officer, page)
        phone.get_by_text("這個處分要撤銷").click()
        officer.fill({"訴願決定書或簽的文號": "訴字第1號", "訴願決定或簽准日期": "99/6/1", "撤銷的理由": "活動已補辦"})
        officer.press("提出撤銷，等另一位確認").sees("已提出撤銷")
        head = at(phone, staff.head, page)
        if refused:
            phone.get_by_text("不同意", exact=True).click()
            head.fill({"不同意的理由": "請附決定書"}).press("不同意，退回登錄的人").sees("已記下不同意")
        else:
            head.press("確認撤銷處分").sees("已撤銷，並擬好函稿").fits()
    row.refresh_from_db()
    assert row.status == "lifted"


def test_what_was_misused_is_deducted_at_the_settlement_and_bars_the_next_application(phone):
    staff = money.county()
    award = money.approved(staff=staff)
    paid_first(award, staff)
    body = award.application.organisation
    row = recorded(phone, staff, award, "未依計畫執行或支用不當", "餐費轉作旅遊", **{"支用不當的金額（元）": "10,000"})
    letters.issued(staff.officer, row.letter)
    settlement = submitted(award, 80_000, 40_000)
    settling_steps.check_sums(at(phone, staff.finance, "/desk/"), award.number)
    settling_steps.check_content(at(phone, staff.officer, "/desk/"), award.number)
    settling_steps.accept(at(phone, staff.head, "/desk/"), award.number)
    for letter in award.application.letters.filter(status="draft"):
        letters.issued(staff.officer, letter)
    settlement.refresh_from_db()
    own = at(phone, money.member(award), f"/settlements/{award.number}/").sees("支用不當 10,000 元")
    # 120,000 admitted, 10,000 of it misused, 60,000 paid.
    deciding_steps.claim(own, award.number, "50,000", "旗示字第2號")
    deciding_steps.approve_payment(at(phone, staff.officer, "/desk/"), award.number)
    deciding_steps.pay(at(phone, staff.cashier, "/desk/"), award.number, "0990600002")
    assert (Award.objects.get().status, LedgerEntry.objects.filter(kind="paid").last().amount) == ("closed", 50_000)
    case = ready_case(body)
    at(phone, chair_of(body), f"/applications/{case.number}/edit/review/").press("確認送件").sees("這一件依規定退回")
    case.refresh_from_db()
    assert case.status == "not_accepted"

"""The buttons of the money path that no walk of a case presses: what is taken back, cancelled, refused and drawn, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from grants.models import BookEntry, PaymentBatch, PaymentImport, Voucher
from grants.services.treasury import batches
from tests.factories import money
from tests.grants import settling
from tests.grants.papers import paper
from tests.grants.paying import brought, line, ready
from tests.grants.test_sampling import confirmed, seed_of, sent
from tests.grants.vouchers import entered

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(page: Page, user, path: str) -> Person:
    give_session(page, user)
    return Person(page, user).goes(path).fits()


def test_a_batch_and_a_file_that_are_not_wanted(phone):
    staff = money.county()
    row = ready(staff)
    batch, _left = batches.make(staff.finance, [row.pk])
    page = f"/payments/batches/{batch.pk}/"
    finance = at(phone, staff.finance, page)
    for name in ("清冊 ODS", "清冊 CSV"):
        with phone.expect_download():
            phone.get_by_role("button", name=name).click()
    at(phone, staff.finance, "/payments/batches/")
    with phone.expect_download():
        phone.get_by_role("button", name="匯出").first.click()
    finance.goes(page).press("送出納付款").sees("已送出納")
    for summary in ("收回清冊", "不編了"):
        phone.locator("summary", has_text=summary).click()
        form = phone.locator("details[open]")
        finance.fill({"原因": "金額再看一次"}, form).press(summary, form).fits()
    assert PaymentBatch.objects.get().status == "ended"
    found = brought(staff.finance, line(row))
    at(phone, staff.finance, f"/payments/imports/{found.pk}/").press("不登記了")
    assert not PaymentImport.objects.filter(pk=found.pk).exists()


def test_vouchers_are_changed_removed_and_admitted_at_once(phone):
    staff = money.county()
    award = money.approved(staff=staff)
    user = money.member(award)
    at(phone, user, f"/settlements/{award.number}/").press("先開始填結報")
    settlement = settling.opened(award, user)
    entered(settlement, user, 1_200, photo=paper())
    own = at(phone, user, f"/settlements/{award.number}/vouchers/").press("1 號")
    own.fill({"金額（元）": "1,300"}).press("儲存").sees("已儲存第 1 號單據").press("1 號")
    own.press("刪除這張單據").sees("已刪除第 1 號單據").fits()
    assert not Voucher.objects.exists()
    other = sent(staff)
    finance = at(phone, staff.finance, "/sampling/kaohsiung/")
    finance.fill(
        {
            "抽查比例": "50",
            "核定多少元以下": "200,000",
            "種子": "88",
            "生效日": "99/6/1",
            "變更的理由": "省人力",
            "簽文號": "簽1",
        }
    )
    finance.press("送另一位確認").sees("已送出")
    boss = at(phone, staff.head, "/desk/").press("看變更")
    phone.locator("summary", has_text="不同意").click()
    boss.fill({"不同意的理由": "再想想"}).press("不同意，退回提出的人").fits()
    confirmed(staff, 50, seed=seed_of(other.number, drawn=False))
    finance = at(phone, staff.finance, f"/settlements/{other.number}/vouchers/")
    finance.press("沒有抽中，一次核完單據").sees("2 張單據已全數准予").fits()


def test_the_associations_own_book(phone, axe):
    award = money.approved()
    body = award.application.organisation
    own = at(phone, money.member(award), f"/books/{body.pk}/")
    phone.locator("summary", has_text="記一筆").click()
    own.field("科目").select_option(index=2)
    own.fill({"日期": "99/5/1", "摘要": "99 年會費", "金額（元）": "9,000"}).press("記入現金簿").sees(
        "已記入現金簿", "9,000"
    )
    axe(phone)
    own.press("記錯了").fits().fill({"作廢的理由": "金額打錯"}).press("作廢").sees("已作廢")
    assert BookEntry.objects.get().cancelled_on is not None


def test_a_wrong_day_of_completion_is_refused_and_withdrawn(phone):
    staff = money.county()
    award = money.approved(staff=staff)
    writer = money.member(award)
    settling.opened(award, writer)
    page = f"/settlements/{award.number}/"
    for turn in ("refused", "withdrawn"):
        own = at(phone, writer, page)
        phone.get_by_text("完成日登記錯了").click()
        form = phone.locator("#correct")
        own.fill({"正確的完成日": "99/5/20", "為什麼要更正": "日期打錯"}, form).press("請求更正", form).sees(
            "已提出更正"
        )
        if turn == "refused":
            officer = at(phone, staff.officer, page)
            phone.locator("summary", has_text="不同意").click()
            officer.fill({"不同意的理由": "請附簽到簿"}).press("不同意更正").sees("請附簽到簿")
        else:
            own.press("收回").sees("已收回").fits()
    expect(phone.get_by_text("完成日登記錯了")).to_be_visible()

"""Finance ticks what is approved, makes a batch, prints it, and brings back what the treasury has paid."""

import pytest
from playwright.sync_api import expect

from grants.models import Instalment
from tests.factories import money
from tests.grants.papers import text_of_pdf
from tests.grants.paying import a_csv, line, ready

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", ["page", "phone", "page_without_js"])
def test_a_batch_from_the_list_to_the_payment(request, window, axe):
    browser = request.getfixturevalue(window)
    staff = money.county()
    one, two, three = (ready(staff) for _row in range(3))
    give_session(browser, staff.finance)
    finance = Person(browser, staff.finance).goes("/payments/").sees("待撥款").fits()
    for row in (one, two, three):
        browser.get_by_label(f"勾選 {row.award.number}").check()
    if window != "page_without_js":
        expect(browser.locator("[data-pick-all] [role=status]")).to_have_text("已勾選 3 件，共 180,000 元")
        browser.get_by_label(f"勾選 {three.award.number}").uncheck()
        expect(browser.locator("[data-pick-all] [role=status]")).to_have_text("已勾選 2 件，共 120,000 元")
        browser.get_by_label(f"勾選 {three.award.number}").check()
    finance.press("編成付款清冊").fits().sees("付款清冊 99-001", "180,000 元", "3 筆", "編製中")
    finance.press("取出", browser.get_by_role("row", name=three.award.number))
    finance.fits().fill({"原因": "下一批再付"}).press("取出").sees("已從清冊取出", "120,000 元")
    finance.press("送出納付款").fits().sees("已送出納")
    paper = browser.request.get(browser.get_by_role("link", name="付款清冊 PDF").evaluate("link => link.href")).body()
    assert "新臺幣壹拾貳萬元整" in text_of_pdf(paper)
    with browser.expect_download() as caught:
        browser.get_by_role("button", name="銀行轉帳檔").click()
    assert caught.value.path().read_text(encoding="utf-8").count("\n") == 3
    finance.press("匯入付款結果").fits()
    lines = line(one, fee="10"), line(two), line(three, "付9", amount="1")
    browser.get_by_label("付款結果檔案").set_input_files(a_file("付款結果.csv", a_csv(*lines), "text/csv"))
    finance.press("讀這個檔案").fits().sees("還沒有登記", "確認後登記 2 筆", "金額不符", "同一個憑單號碼")
    finance.press("確認登記這 2 筆").fits().sees("憑單號碼重複的原因")
    assert not Instalment.objects.filter(status="paid").exists()
    finance.fill({"憑單號碼重複的原因": "一張憑單付整份清冊"}).press("確認登記這 2 筆").sees("登記 2 筆付款")
    if window == "page":
        axe(browser)
    assert set(Instalment.objects.filter(status="paid")) == {one, two}
    finance.goes("/payments/batches/").fits().sees("99-001", "付款完畢")
    finance.goes(f"/awards/{one.award.number}/").sees("付字第1號", "匯費 10 元")
    finance.goes(f"/awards/{three.award.number}/instalments/1/pay/").fill(
        {"付款憑單號碼": "付字第 1 號", "付款日期": "99/6/2"}
    )
    finance.press("登記撥付").fits().sees("日期不可以晚於", "已經用在")
    finance.fill({"付款日期": "99/6/1", "這個號碼用過了": "同一張憑單"}).press("登記撥付").sees("已登記撥付")

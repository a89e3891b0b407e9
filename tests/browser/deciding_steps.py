"""Deciding on an application, writing its letter and paying, as the county's officers do it at their pages."""

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from .acting import Person, a_file

CUT_REASON = "單價偏高，依市價核減"


def receive_and_ask(officer: Person, number: str) -> None:
    """Take the case from the desk, refuse one item, and ask for a correction."""
    officer.goes("/desk/").sees(number).goes(f"/applications/{number}/").fits()
    officer.press("收件")
    row = officer.page.locator("fieldset.check").first
    row.get_by_label("不符合", exact=True).check()
    row.locator("input:not([type=radio])").fill("請把讀書會的次數寫清楚")
    officer.fits().press("儲存並請協會補正")
    form = officer.page.locator(".answer", has_text="申請書").first
    expect(form.get_by_role("textbox").first).to_have_value("請把讀書會的次數寫清楚")
    expect(form.get_by_role("checkbox").first).to_be_checked()
    content = officer.page.locator(".answer", has_text="要做什麼")
    if not content.is_visible():
        officer.page.locator("summary", has_text="計畫").click()
    content.get_by_role("checkbox").first.check()
    content.get_by_role("textbox").first.fill("請寫清楚次數")
    officer.fits().press("送出補正通知")
    officer.sees("補正函稿已擬好").goes(f"/applications/{number}/").sees("請補正", "請把讀書會的次數寫清楚")


def complete(officer: Person, number: str) -> None:
    """See what changed, find everything in order."""
    officer.goes("/desk/").sees(number).goes(f"/applications/{number}/check/")
    assert officer.page.url.endswith(f"/applications/{number}/check/")
    officer.sees("請協會補正之後改了哪些", "每週一次讀書會，共五次")
    for row in officer.page.locator("fieldset.check").all():
        row.get_by_role("radio").first.check()
    officer.fits().press("檢核完成")
    officer.sees("檢核完成，進入審查")


def propose(officer: Person, scripts: bool) -> None:
    """Cut the meals by NT$10,000; without a reason it is refused."""
    line = officer.page.locator(".line", has_text="膳雜費")
    officer.fill({"建議金額（元）": "50,000"}, line)
    if not scripts:
        officer.press("重新檢查", officer.page.locator(".foot"))
    expect(officer.page.locator("#proposal-next")).to_contain_text("建議核定 120,000 元")
    officer.fits().press("送主管核定")
    officer.sees("核減的項目都要寫理由")
    line = officer.page.locator(".line", has_text="膳雜費")
    expect(officer.field("建議金額（元）", line)).to_have_value("50,000")
    officer.fill({"核減理由": CUT_REASON}, line).press("送主管核定")
    officer.sees("已提出核定建議")


def approve(head: Person, number: str) -> None:
    head.goes("/desk/").sees(number).goes(f"/applications/{number}/decision/")
    if "/decision/" not in head.page.url:
        head.press("看建議並決定")
    head.sees("99 年度額度", "30,000,000", "建議核定 120,000 元", CUT_REASON, "60,000").fits()
    head.press("核定並產生函稿")
    head.sees("已核定，函稿和撥款計畫已經產生", "第 1 期", "60,000")


def issue_letter(officer: Person, dispatch: str, *words: str, on: str = "99/6/1") -> None:
    """Number the draft that waits, look at what will be locked, and keep the PDF; it has these words."""
    officer.goes("/letters/").fits().press("（稿）")
    draft = _text_at(officer, f"{officer.page.url.rstrip('/')}.pdf")
    assert [word for word in words if word not in draft] == []
    fields = {"發文字號": dispatch, "發文日期": on}
    officer.fits().fill(fields).press("核對後發文", officer.page.locator("#letter"))
    final = _pdf_text(officer, "在新視窗看 PDF")
    officer.fits().sees(dispatch).press("發文並鎖定", officer.page.locator("#issue"))
    assert _pdf_text(officer, "看公文 PDF") == final
    officer.sees("已發文", dispatch).fits()
    issued = _pdf_text(officer, "看公文 PDF")
    assert [word for word in (dispatch, printed_day(on), *words) if word not in issued] == []


def printed_day(typed: str) -> str:
    """Return 99年6月1日 for 99/6/1."""
    return "{}年{}月{}日".format(*typed.split("/"))


def claim(staff: Person, number: str, amount: str, receipt: str) -> None:
    """The association prints the receipt of the instalment that waits, and sends it in."""
    staff.goes("/desk/").sees(number).goes(f"/awards/{number}/").fits()
    staff.press("送領據請款", staff.page.locator("#actions"))
    assert amount in _pdf_text(staff, "下載領據 PDF")
    staff.fill({"領據字號": receipt})
    staff.field("蓋好圖記的領據").set_input_files(a_file("領據.pdf"))
    staff.fits().press("送出領據")
    staff.sees("領據已送出")


def approve_payment(officer: Person, number: str) -> None:
    officer.goes("/desk/").sees(number).goes(f"/awards/{number}/")
    officer.press("核付", officer.page.locator("#actions"))
    officer.fits().press("核付")
    officer.sees("已核付")


def pay(cashier: Person, number: str, voucher: str) -> None:
    cashier.goes("/desk/").sees(number).goes(f"/awards/{number}/")
    cashier.press("登記撥付", cashier.page.locator("#actions"))
    cashier.fill({"付款憑單號碼": voucher}).fits().press("登記撥付")
    cashier.sees("已登記撥付", "已撥付")


def _pdf_text(person: Person, link: str) -> str:
    """The text of the PDF behind a link, without blanks and line breaks."""
    address = person.page.locator("main").get_by_role("link", name=link).first.get_attribute("href")
    return _text_at(person, address or "")


def _text_at(person: Person, address: str) -> str:
    answer = person.page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.body())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))

"""Settling an award at its page: what the association reports, what each post of the county checks, money that returns."""

import re
from collections.abc import Mapping

from playwright.sync_api import expect

from .acting import Person, a_file

PAPERS = ("vouchers", "photos", "activity")


def complete(staff: Person, number: str, day: str) -> None:
    staff.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    staff.fill({"計畫實際辦完的日期": day}).press("登記執行完畢")
    staff.sees("已登記執行完畢，請接著填結報")


def fill_in(staff: Person, spent: Mapping[int, str]) -> None:
    """What each line cost, by its place, and what came of the project."""
    for place, amount in spent.items():
        staff.fill({f"第 {place} 項實支": amount, f"第 {place} 項單據張數": "3張"})
    staff.fill({"成果說明": "辦了二十場，大家都說好", "服務人次": "640人次"})


def attach(staff: Person, scripts: bool) -> None:
    """The three papers, each sent when it is chosen; without scripts they go with the form. What was typed stays."""
    typed = staff.field("成果說明").input_value()
    for kind in PAPERS:
        section = staff.page.locator(f"#papers-{kind}")
        section.locator("input[type=file]").first.set_input_files(a_file(f"{kind}.pdf"))
        if scripts:
            expect(section).to_contain_text("已上傳")
    expect(staff.field("成果說明")).to_have_value(typed)


def send(staff: Person, button: str = "送出結報") -> None:
    staff.fits().press(button, staff.page.locator(".next"))
    staff.sees("結報已送出，謝謝")


def check_sums(finance: Person, number: str) -> None:
    """Every line as it is offered."""
    finance.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    finance.press("憑證已核", finance.page.locator(".next")).sees("憑證已核，已通知承辦人")


def check_content(officer: Person, number: str) -> None:
    officer.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    officer.press("成果已核", officer.page.locator(".next")).sees("成果已核，已通知主管")


def accept(head: Person, number: str) -> None:
    head.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    head.press("准予核銷", head.page.locator(".next")).sees("已准予核銷")


def forecast(staff: Person, *words: str) -> None:
    """What the page counts from the figures typed so far."""
    for word in words:
        expect(staff.page.locator("#forecast")).to_contain_text(word)


def saved(staff: Person) -> None:
    expect(staff.page.locator("#report [data-autosave-state]")).to_have_text(re.compile(r"^已儲存 \d\d:\d\d"))


def months(staff: Person, fields: Mapping[str, Mapping[str, str]]) -> None:
    """What is asked of each month of the day care, by the column."""
    for month, row in fields.items():
        staff.fill({f"上課（業務費） {month} {label}": value for label, value in row.items()})


def judge(officer: Person, number: str, verdicts: Mapping[str, str], why: str = "") -> None:
    """Accept the explanation of each month, or refuse it with the reason, and pass the content on."""
    officer.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    for month, verdict in verdicts.items():
        group = officer.page.get_by_role("group", name=re.compile(f"^{month}人數不足的說明"))
        group.get_by_label(verdict, exact=True).check()
        if verdict == "不接受":
            officer.fill({f"{month}不接受的理由": why})
    officer.press("成果已核", officer.page.locator("#content-check"))


def show_return(staff: Person, number: str, amount: str, day: str) -> None:
    """The association says what it has paid back, with the paper."""
    staff.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    staff.fill({"繳了多少（元）": amount, "繳款日期": day})
    form = staff.page.locator("#return-proof")
    form.locator("input[data-upload]").set_input_files(a_file("匯款單.pdf"))
    expect(form).to_contain_text("已收到")
    staff.press("送出繳款證明", form)


def record_return(cashier: Person, number: str, amount: str, voucher: str) -> None:
    cashier.goes("/desk/").sees(number).goes(f"/settlements/{number}/").fits()
    cashier.fill({"收到的金額（元）": amount, "收款憑單號碼": voucher})
    cashier.press("登記繳回", cashier.page.locator("#money-back"))

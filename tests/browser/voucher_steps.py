"""Twelve receipts of one account on a phone, counted in taps: a roster, invoices with codes, a shared paper, one paper on two
lines, and one that fits no line.
"""

import io
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.files.invoice_photos import left_text, printed

from .acting import Person, a_file

# What somebody needs for one tap, choosing and looking included; 60 receipts in 20 minutes are 20 seconds each.
SECONDS_A_TAP, SECONDS_A_RECEIPT = 2.5, 20


@dataclass
class Taps:
    """The taps and typed fields of somebody who enters receipts."""

    staff: Person
    number: str
    count: int = 0

    def press(self, *names: str) -> None:
        for name in names:
            self.staff.press(name)
            self.count += 1

    def check(self, *labels: str) -> None:
        for label in labels:
            self.choose(self.staff.field(label))

    def choose(self, choice: Locator) -> None:
        """What is chosen already, as for the receipt before, needs no tap."""
        if not choice.is_checked():
            choice.check()
            self.count += 1

    def fill(self, fields: dict[str, str]) -> None:
        self.staff.fill(fields)
        self.count += len(fields)

    def line(self, place: int) -> None:
        self.choose(self.staff.page.locator("input[name=line]").nth(place - 1))

    def photo(self, file: dict) -> None:
        self.staff.page.locator("input[type=file]").first.set_input_files(file)
        expect(self.staff.page.locator("main")).to_contain_text("已收到")
        self.count += 1

    def starts(self) -> None:
        self.staff.goes(f"/settlements/{self.number}/vouchers/new/")

    def saved(self, place: int) -> None:
        self.press("存好，記下一張")
        self.staff.sees(f"已存第 {place} 號單據")


def an_invoice(number: str, day: str, total: int) -> dict:
    out = io.BytesIO()
    printed(left_text(number, day, total), module=4).save(out, "JPEG")
    return a_file(f"{number}.jpg", out.getvalue(), "image/jpeg")


def enter_twelve(staff: Person, number: str) -> None:
    """Lines 1 to 4 come to 9,600, 2,400, 52,000 and 50,000."""
    taps = Taps(staff, number)
    pay_the_lecturer(taps)
    taps.starts()
    by_codes(taps)
    on_paper(taps)
    one_paper_on_two_lines(taps)
    fits_no_line(taps)
    staff.goes(f"/settlements/{number}/vouchers/").sees("共 12 張，合計 114,000 元").fits()
    assert taps.count * SECONDS_A_TAP <= 12 * SECONDS_A_RECEIPT, taps.count


def pay_the_lecturer(taps: Taps) -> None:
    staff = taps.staff
    staff.goes(f"/settlements/{taps.number}/vouchers/").press("記印領清冊")
    page = staff.page
    values = {"name": "林講師", "national_id": "A123456789", "count": "1", "hours": "6", "rate": "1600"}
    for name, value in values.items():
        cell = page.locator(f"#id_row-0-{name}")
        if cell.count():
            cell.fill(value)
            taps.count += 1
    page.locator("#id_row-0-month").select_option(label="99年6月")
    taps.count += 1
    taps.fill({"付款日期": "99/6/30", "做了什麼": "讀書會"})
    taps.press("儲存清冊")
    staff.sees("已存第 1 號印領清冊，合計 9,600 元").fits()


def by_codes(taps: Taps) -> None:
    """The code fills in all but the line and what it was for; the shop's name is known from the second one on."""
    taken = []
    for place, (day, total) in enumerate(
        [(10, 10_000), (11, 12_000), (12, 8_000), (13, 20_000), (14, 20_000)], start=2
    ):
        before = taps.count
        taps.photo(an_invoice(f"AB1000000{place}", f"09906{day}", total))
        taps.press("下一步")
        expect(taps.staff.field("金額（元）")).to_have_value(f"{total:,}")
        taps.line(3 if total < 20_000 else 4)
        taps.fill({"買了什麼": "食材"} | ({"店家或受款人": "旗山超市"} if place == 2 else {}))
        taps.saved(place)
        taken.append(taps.count - before)
    # The first of a shop has its name typed; the fourth belongs to another line than the one before.
    assert taken == [6, 4, 4, 5, 4]


def on_paper(taps: Taps) -> None:
    """Receipts without a code; of the last one this case bears a part."""
    papers = [("1,200", 21, 2), ("1,200", 22, 2), ("7,000", 23, 3), ("10,000", 24, 3), ("5,000", 25, 3)]
    for place, (amount, day, line) in enumerate(papers, start=7):
        taps.press("沒有照片，直接填")
        taps.line(line)
        taps.check("收據", "是「")
        taps.fill({"金額（元）": amount, "單據日期": f"99/6/{day}", "店家或受款人": "大同", "買了什麼": "雜項"})
        if place == 11:
            taps.staff.page.get_by_text("這一案只負擔一部分").click()
            taps.fill({"整張單據的總金額": "8,000", "本單位自籌": "3,000"})
        taps.saved(place)


def one_paper_on_two_lines(taps: Taps) -> None:
    """The first invoice again is found at once, and is taken with a word of why. The last receipt was more than its
    line holds: the list says so, and leads on.
    """
    taps.staff.sees("已經超過核定")
    taps.press("記一張單據")
    taps.photo(an_invoice("AB10000002", "0990610", 10_000))
    taps.press("下一步")
    taps.line(4)
    taps.fill({"買了什麼": "書"})
    taps.press("存好，記下一張")
    taps.staff.sees("同一筆支出不能報兩次")
    taps.fill({"為什麼不是重複報支": "同一張發票分列兩項"})
    taps.saved(12)


def fits_no_line(taps: Taps) -> None:
    """It leads to a change of the approval with its amount; here it is left at that."""
    taps.press("沒有照片，直接填")
    taps.fill({"金額（元）": "3,300", "買了什麼": "帳篷"})
    taps.press("先申請流用或新增一項")
    taps.staff.sees("申請計畫變更")


def check_twelve(finance: Person, number: str) -> None:
    """Each beside its photo, as it is; then the sums."""
    finance.goes("/desk/").sees(number).goes(f"/settlements/{number}/").press("逐張核對", finance.page.locator(".next"))
    for left in range(12, 0, -1):
        finance.sees(f"還有 {left} 張沒有核").press("全數准予")
    finance.sees("單據都核過了").press("憑證已核", finance.page.locator(".next")).sees("憑證已核，已通知承辦人")

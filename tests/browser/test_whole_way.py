"""One case from its first line to its closing, as its people do it at their browsers: wide, on a phone, and without
JavaScript. Nothing is made for them but accounts and schemes.
"""

import datetime as dt

import pytest

from grants.enums import LedgerKind
from grants.models import Award, LedgerEntry
from grants.services import daily
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from tests.chromium import PATIENCE_MS, PHONE_WINDOW

from . import deciding_steps, filing_steps, settling_steps, voucher_steps
from .acting import Letterbox, Person, county_and_association

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.real_date]

WINDOWS = {"wide": {}, "phone": PHONE_WINDOW, "without scripts": {"java_script_enabled": False}}
# Approved 120,000; the meals cost more than was approved for them, the materials less.
SPENT = {1: "9,600", 2: "2,400", 3: "52,000", 4: "50,000"}
# From this day on something is due of what the mails remind of.
REMINDING = dt.date(2010, 6, 25)


@pytest.fixture(autouse=True)
def trial(settings) -> None:
    """The date is moved on as in the trial, by the bar on every page."""
    settings.DEMO = True
    clock.set_portal_date(dt.date(2010, 6, 1))


class Way:
    """The people of the case, each at a window of that kind."""

    def __init__(self, open_page, window: str) -> None:
        self.open_page, self.options = open_page, WINDOWS[window]
        # On the phone each receipt is entered, with its photo; the others type the sum of each line.
        self.receipts = window == "phone"
        self.scripts, self.world = window != "without scripts", county_and_association()
        posts = ("staff", "chair", "officer", "head", "cashier")
        self.staff, self.chair, self.officer, self.head, self.cashier = (
            self.enters(getattr(self.world, post)) for post in posts
        )

    def enters(self, user: User) -> Person:
        return Person(self.open_page(**self.options), user).sign_in()

    def files(self) -> str:
        """Answers the number of the case."""
        number = filing_steps.start(self.staff)
        filing_steps.organisation(self.staff)
        filing_steps.project(self.staff)
        filing_steps.budget(self.staff, self.scripts)
        filing_steps.documents(self.staff, self.scripts)
        filing_steps.hand_over(self.staff)
        self.chair.goes("/desk/").sees(number).goes(f"/applications/{number}/").press("看內容並送件")
        self.chair.fits().press("確認送件")
        self.chair.sees("已送件", number)
        return number

    def corrects(self, number: str) -> None:
        filing_steps.correct(self.staff, number, self.scripts)
        self.chair.goes(f"/applications/{number}/edit/review/").press("確認送回")

    def is_paid(self, number: str, amount: str, receipt: str, voucher: str) -> None:
        deciding_steps.claim(self.staff, number, amount, receipt)
        deciding_steps.approve_payment(self.officer, number)
        deciding_steps.pay(self.cashier, number, voucher)

    def date(self, day: str) -> None:
        """Move the trial's date on by its bar; the daily jobs of six weeks take their time on a busy machine."""
        page = self.staff.page
        bar = page.locator(".demo-bar")
        page.set_default_timeout(2 * PATIENCE_MS)
        self.staff.fill({"前進到": day}, bar).press("前進", bar.locator("form").last)
        page.set_default_timeout(PATIENCE_MS)

    def settles(self, number: str) -> None:
        settling_steps.complete(self.staff, number, "99/7/9")
        if self.receipts:
            voucher_steps.enter_twelve(self.staff, number)
            self.staff.goes(f"/settlements/{number}/")
        settling_steps.fill_in(self.staff, {} if self.receipts else SPENT)
        # Invoices and receipts on one line: which proof it is asks a person, however the sum was made.
        self.staff.field("第 3 項憑證種類").select_option(label="收據")
        if self.scripts:
            settling_steps.forecast(self.staff, "114,000", "超過核定、自付", "2,000", "約 52,000 元")
            settling_steps.saved(self.staff)
        settling_steps.attach(self.staff, self.scripts)
        settling_steps.send(self.staff)

    def is_decided(self, number: str, mails: Letterbox) -> None:
        deciding_steps.receive_and_ask(self.officer, number)
        deciding_steps.issue_letter(self.officer, "府社區字第0990001111號", "請把讀書會的次數寫清楚")
        mails.brings("縣府已收件", "有資料要補正，請先準備", "請在 99年6月21日 前補正")
        self.corrects(number)
        mails.brings("補正已經送回")
        deciding_steps.complete(self.officer, number)
        deciding_steps.propose(self.officer, self.scripts)
        deciding_steps.approve(self.head, number)
        mails.brings("申請案已核定")
        words = (self.world.organisation.name, filing_steps.TITLE, "120,000", "膳雜費", deciding_steps.CUT_REASON)
        deciding_steps.issue_letter(self.officer, "府社區字第0990001234號", *words)
        mails.brings("核定函已發出，請照函辦理")

    def is_settled(self, number: str, mails: Letterbox) -> None:
        self.settles(number)
        mails.brings("結報已經收到")
        check = voucher_steps.check_twelve if self.receipts else settling_steps.check_sums
        check(self.enters(self.world.finance), number)
        settling_steps.check_content(self.officer, number)
        settling_steps.accept(self.head, number)
        mails.brings("結報准予核銷")
        self.staff.goes(f"/settlements/{number}/").sees("應撥付 52,000 元", "等縣府發函")
        words = ("准予備查，並撥付第二期款新臺幣5萬2,000元整", "新臺幣伍萬貳仟元整")
        deciding_steps.issue_letter(self.officer, "府社區字第0990002345號", *words, on="99/7/12")
        mails.brings("請送領據，就能撥款")


@pytest.mark.parametrize("window", WINDOWS)
def test_from_the_first_line_to_the_closed_case(open_page, window, mailoutbox, monkeypatch):
    if window != "wide":
        # The daily jobs of six weeks once with all that they do are enough: a day's make up for those that nobody ran
        # before it (tests/grants/test_days_without_the_job.py).
        work = daily.run
        monkeypatch.setattr(daily, "run", lambda day: work(day, checks=False) if day >= REMINDING else None)
    way = Way(open_page, window)
    number = way.files()
    mails = Letterbox(mailoutbox, way.world.staff, number)
    mails.brings("已經送件")
    way.is_decided(number, mails)

    way.is_paid(number, "60,000", "旗示字第0990001號", "0990600123")
    mails.brings("領據已經收到", "補助款已撥付")
    assert money() == [("committed", 120_000), ("paid", 60_000)]

    # The project ends on 99年7月9日; thirty days before the settlement is due, its people are reminded, once; besides, the
    # monthly record of the project's progress falls due.
    way.date("99/7/12")
    way.staff.sees("99年7月12日", "則提醒").goes("/notices/").fits().sees(number, "結報")
    mails.brings("記錄推動過程", "提醒結報（還有 30 天）")
    way.is_settled(number, mails)

    way.is_paid(number, "52,000", "旗示字第0990002號", "0990700456")
    mails.brings("領據已經收到", "補助款已撥付")
    assert money() == [("committed", 120_000), ("paid", 60_000), ("released", 8_000), ("paid", 52_000)]
    assert Award.objects.get().status == "closed"
    for person in (way.staff, way.chair, way.officer, way.head):
        person.goes(f"/settlements/{number}/").sees("這一案已經結案，謝謝")
        person.goes("/desk/")
        assert person.page.locator("main .tasks", has_text=number).count() == 0


def money() -> list[tuple[LedgerKind, int]]:
    return list(LedgerEntry.objects.order_by("id").values_list("kind", "amount"))

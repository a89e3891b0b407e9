"""The day care's settlement in Chromium: averages of each month, too few explained, money that is paid or returned."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from grants.models import Award, LedgerEntry
from tests.chromium import PHONE_WINDOW
from tests.factories.money import county, member
from tests.grants.attending import station
from tests.grants.settling import paid_first, tell

from . import deciding_steps, settling_steps
from .acting import Letterbox, Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENOUGH = {"99年3月": {"平均服務人數": "15"}, "99年4月": {"平均服務人數": "15.5"}, "99年5月": {"平均服務人數": "20"}}
FEWER = ENOUGH | {"99年4月": {"平均服務人數": "14.9"}, "99年5月": {"平均服務人數": "12"}}


@pytest.fixture
def day_care() -> SimpleNamespace:
    """60,000 and 40,000 approved for March to August, of which the first half is paid."""
    staff = county()
    award = station(staff, "disability_day_care")
    paid_first(award, staff)
    return SimpleNamespace(award=award, number=award.number, member=member(award), **vars(staff))


@pytest.fixture
def enters(open_page):
    def enter(user, **window) -> Person:
        page = open_page(**window)
        give_session(page, user)
        return Person(page, user)

    return enter


def reports(staff: Person, number: str, spent: tuple[str, str], averages: dict) -> None:
    settling_steps.complete(staff, number, "99/5/31")
    settling_steps.fill_in(staff, dict(enumerate(spent, 1)))
    staff.field("第 2 項憑證種類").select_option(label="收據")
    settling_steps.months(staff, averages)
    settling_steps.saved(staff)
    settling_steps.attach(staff, scripts=True)


def money() -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.order_by("id").values_list("kind", "amount"))


def ended() -> tuple[str, list[str]]:
    award = Award.objects.get()
    return award.status, [row.status for row in award.instalments.order_by("number")]


def test_with_enough_people_nothing_is_explained_and_the_rest_is_paid(day_care, enters):
    number, staff, officer = day_care.number, enters(day_care.member), enters(day_care.officer)
    paying = {"99年3月": {"平均服務人數": "15", "總人數": "20", "收費人數": "10", "當月費用（元）": "10,000"}}
    reports(staff, number, ("60,000", "30,000"), ENOUGH | paying)
    # 90,000 and a fifth of March's 10,000, less the 50,000 that are paid.
    settling_steps.forecast(staff, "約 42,000 元")
    settling_steps.send(staff)
    settling_steps.check_sums(enters(day_care.finance), number)
    settling_steps.check_content(officer, number)
    settling_steps.accept(enters(day_care.head), number)
    tell(day_care.award, day_care)
    staff.goes(f"/settlements/{number}/").sees("請送最後一期款的領據")
    assert staff.page.get_by_text(re.compile("應繳回|請繳回")).count() == 0
    deciding_steps.claim(staff, number, "42,000", "旗示字第2號")
    deciding_steps.approve_payment(officer, number)
    deciding_steps.pay(enters(day_care.cashier), number, "0990600002")
    moved = [("committed", 100_000), ("paid", 50_000), ("released", 10_000), ("surcharge", 2_000), ("paid", 42_000)]
    assert money() == moved
    assert ended() == ("closed", ["paid", "paid"])


@dataclass
class Way:
    """The people of the case, each at a window of one kind, and the mails of the association's member."""

    day_care: SimpleNamespace
    enters: Callable[..., Person]
    window: dict
    mails: Letterbox

    def __post_init__(self) -> None:
        self.number = self.day_care.number
        self.staff, self.officer = self.at_window("member"), self.at_window("officer")

    def at_window(self, post: str) -> Person:
        return self.enters(getattr(self.day_care, post), **self.window)

    def explains_too_few(self) -> None:
        """Both months want a reason; without one the report is not sent."""
        reports(self.staff, self.number, ("20,000", "10,000"), FEWER)
        settling_steps.forecast(self.staff, "約 20,000 元", "要繳回")
        self.staff.press("送出結報", self.staff.page.locator(".next"))
        self.staff.sees("99年4月平均服務 14.9 位，不足 15 位，請說明。", "99年5月平均服務 12 位，不足 15 位，請說明。")
        why = {"99年4月": {"人數不足的說明": "兩位住院"}, "99年5月": {"人數不足的說明": "停課"}}
        settling_steps.months(self.staff, why)
        settling_steps.send(self.staff)
        self.mails.brings("結報已經收到")

    def is_asked_again(self, finance: Person) -> None:
        settling_steps.check_sums(finance, self.number)
        settling_steps.judge(self.officer, self.number, {"99年4月": "接受", "99年5月": "不接受"}, "請附停課公文")
        self.officer.sees("有說明沒有接受").press("請協會補正").sees("已請申請單位補正")
        self.mails.brings("結報請補正")

    def explains_again(self) -> None:
        page = f"/settlements/{self.number}/"
        self.staff.goes("/desk/").sees(self.number).goes(page).sees("請附停課公文").fits()
        settling_steps.months(self.staff, {"99年5月": {"人數不足的說明": "停課公文已附在活動資料"}})
        settling_steps.send(self.staff, "補正後送回")
        self.mails.brings("結報已經收到")

    def is_accepted(self, finance: Person) -> None:
        settling_steps.check_sums(finance, self.number)
        settling_steps.judge(self.officer, self.number, {"99年5月": "接受"})
        self.officer.sees("成果已核，已通知主管")
        self.mails.brings()
        settling_steps.accept(self.at_window("head"), self.number)
        self.mails.brings("結報准予核銷")

    def pays_back(self, cashier: Person, amount: str, voucher: str) -> None:
        settling_steps.show_return(self.staff, self.number, amount, "99/6/1")
        settling_steps.record_return(cashier, self.number, amount, voucher)
        self.mails.brings("繳回款已入帳")
        self.staff.goes(f"/settlements/{self.number}/")


@pytest.mark.parametrize("window", [{}, PHONE_WINDOW], ids=["wide", "phone"])
def test_too_few_are_explained_twice_and_the_money_comes_back_in_two_parts(day_care, enters, mailoutbox, window):
    way = Way(day_care, enters, window, Letterbox(mailoutbox, day_care.member, day_care.number))
    finance = way.at_window("finance")
    way.explains_too_few()
    way.is_asked_again(finance)
    way.explains_again()
    way.is_accepted(finance)

    cashier = way.at_window("cashier")
    way.staff.goes(f"/settlements/{day_care.number}/").sees("應繳回 20,000 元，等縣府發函")
    tell(day_care.award, day_care)
    way.mails.brings("請在 99年7月5日 前繳回 20,000 元", "公文已發出，請查收")
    way.staff.goes(f"/settlements/{day_care.number}/").sees("請繳回 20,000 元")
    way.pays_back(cashier, "5,000", "收一")
    way.staff.sees("請繳回 15,000 元")
    way.pays_back(cashier, "15,000", "收二")
    way.staff.sees("這一案已經結案，謝謝")
    back = [("returned", 5_000), ("returned", 15_000)]
    assert money() == [("committed", 100_000), ("paid", 50_000), ("released", 70_000), *back]
    assert ended() == ("closed", ["paid", "cancelled"])

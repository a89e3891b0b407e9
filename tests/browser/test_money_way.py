"""The money of an award in Chromium, every step by its own button: receipt, payment, settlement, acceptance, the second
instalment or the money back, closing.
"""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Award, Settlement
from tests.factories.money import approved, county, member
from tests.files import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "憑證.pdf"
    path.write_bytes(samples.pdf())
    return path


class Way:
    """One browser in which the people of the case sit down in turn."""

    def __init__(self, page, live_server, award: Award, staff) -> None:
        self.page, self.server, self.award, self.staff = page, live_server, award, staff
        self.member = member(award)

    def sit(self, user) -> None:
        client = Client()
        client.force_login(user)
        self.page.context.clear_cookies()
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.server.url}
        self.page.context.add_cookies([cookie])

    def open(self, user, name: str) -> None:
        self.sit(user)
        self.page.goto(reverse(name, args=[self.award.number]))

    def press(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).first.click()

    def follow(self, label: str) -> None:
        self.page.locator(".next").get_by_role("link", name=label, exact=True).click()

    def pay(self, paper: Path, number: str) -> None:
        """Receipt, approval and payment of the instalment that waits."""
        self.open(self.member, "grants:award_detail")
        self.follow("送出領據請款")
        self.page.get_by_label("領據字號").fill(number)
        self.page.get_by_label("蓋好圖記的領據").set_input_files(paper)
        self.press("送出領據請款")
        self.open(self.staff.officer, "grants:award_detail")
        self.follow("核付")
        self.press("核付")
        self.open(self.staff.cashier, "grants:award_detail")
        self.follow("登記撥付")
        self.page.get_by_label("付款憑單號碼").fill(number)
        self.press("登記撥付")
        assert "已登記撥付" in self.page.get_by_role("status").first.inner_text()

    def report(self, paper: Path, *spent: str) -> None:
        """The association fills in, uploads and sends; what was typed is still there after each upload."""
        self.open(self.member, "grants:settlement_detail")
        self.page.get_by_label("計畫實際辦完的日期").fill("99/5/31")
        self.press("登記執行完畢")
        for place, amount in enumerate(spent, 1):
            self.page.get_by_label(f"第 {place} 項實支").fill(amount)
            self.page.get_by_label(f"第 {place} 項單據張數").fill("3張")
        self.page.get_by_label("成果說明").fill("辦了二十場共餐")
        self.page.get_by_label("服務人次").fill("640人次")
        self.page.locator("#report [data-autosave-state][data-state=saved]").wait_for()
        for kind in ("vouchers", "photos", "activity"):
            self.page.locator(f"#papers-{kind} input[type=file][data-upload]").set_input_files([paper])
            self.page.locator(f"#papers-{kind}").get_by_text("已上傳").wait_for()
        assert self.page.get_by_label("第 1 項實支").input_value() == spent[0]
        self.press("送出結報")

    def accept(self) -> None:
        for user, label in (
            (self.staff.finance, "憑證已核"),
            (self.staff.officer, "成果已核"),
            (self.staff.head, "准予核銷"),
        ):
            self.open(user, "grants:settlement_detail")
            with self.page.expect_navigation():
                self.page.locator(".next").get_by_role("button", name=label, exact=True).click()


@pytest.fixture(params=["page", "phone"])
def way(request, live_server) -> Way:
    """In a wide window and on a phone."""
    staff = county()
    page = request.getfixturevalue(request.param)
    return Way(page, live_server, approved((80_000, 40_000), staff=staff), staff)


def test_from_the_first_receipt_to_the_closed_award(way, paper):
    way.pay(paper, "一")
    way.report(paper, "80,000", "40,000")
    way.accept()
    assert Settlement.objects.get().eligible == 120_000
    way.pay(paper, "二")
    award = Award.objects.get()
    assert (award.status, [row.status for row in award.instalments.all()]) == ("closed", ["paid", "paid"])


def test_what_was_not_spent_comes_back_and_the_award_closes(way, paper):
    way.pay(paper, "一")
    way.report(paper, "30,000", "20,000")
    way.accept()
    way.open(way.member, "grants:settlement_detail")
    assert "請繳回 10,000 元" in way.page.locator(".next").inner_text()
    way.page.get_by_label("繳款日期").fill("99/6/1")
    way.page.locator("#return-proof input[type=file][data-upload]").set_input_files(paper)
    way.press("送出繳款證明")
    way.open(way.staff.cashier, "grants:settlement_detail")
    way.page.get_by_label("收款憑單號碼").fill("收1")
    way.press("登記繳回")
    award = Award.objects.get()
    assert (award.status, [row.status for row in award.instalments.all()]) == ("closed", ["paid", "cancelled"])

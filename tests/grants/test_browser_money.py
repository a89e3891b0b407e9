"""The pages of payments and settlements in Chromium: accessible, and as wide as the window, on a desk and on a phone."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import expect

from grants.services import sanctions
from grants.services.payments import instalments
from grants.services.schemes import return_terms
from grants.services.schemes.return_terms import ReturnTerms
from grants.services.settlements import reports
from tests.chromium import PHONE, WIDE
from tests.factories.money import approved, county, member
from tests.files import samples
from tests.grants.attending import station, to_read
from tests.grants.sanctioning import draft
from tests.grants.settling import DONE, accepted, admit, paid_first, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SCREENSHOTS")


def sign_in(page, live_server, user) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.clear_cookies()
    page.context.add_cookies([cookie])


@pytest.fixture
def look(open_page, live_server, axe):
    """Open an address as somebody, wide and on a phone, and ask what must hold of every page."""
    windows = {"wide": open_page(viewport=WIDE), "phone": open_page(viewport=PHONE, is_mobile=True, has_touch=True)}

    def at(name: str, user, address: str) -> None:
        for size, page in windows.items():
            sign_in(page, live_server, user)
            page.goto(address)
            assert page.locator("h1").count() == 1
            room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert room[0] <= room[1], f"{name} {size}: {room}"
            axe(page)
            if SHOTS:
                page.screenshot(path=Path(SHOTS, f"{name}-{size}.png"), full_page=True)

    return at


def test_payments(look):
    staff = county()
    award = approved(staff=staff, receipt_due=dt.date(2010, 7, 1))
    someone = member(award)
    address = f"/awards/{award.number}/instalments/1"
    look("list-member", someone, "/payments/")
    look("request", someone, f"{address}/request/")
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="旗示字第1號")
    look("approve", staff.head, f"{address}/approve/")
    look("return", staff.officer, f"{address}/return/")
    instalments.approve_payment(staff.head, first)
    look("pay", staff.finance, f"{address}/pay/")
    look("list-finance", staff.finance, "/payments/")


def test_settlements(look):
    staff = county()
    award = approved((80_000, 30_000, 10_000), staff=staff, settlement_due=dt.date(2010, 9, 30))
    paid_first(award, staff)
    someone = member(award)
    address = f"/settlements/{award.number}/"
    look("completion", someone, address)
    reports.register_completion(someone, award, DONE)
    look("report", someone, address)
    other = approved(staff=staff)
    paid_first(other, staff)
    settlement = submitted(other, 80_000, 40_000)
    address = f"/settlements/{other.number}/"
    look("sums", staff.finance, address)
    reports.check_sums(staff.finance, settlement, admit(settlement, 30_000, 20_000))
    look("content", staff.officer, address)
    reports.check_content(staff.officer, settlement)
    look("accept", staff.head, address)
    reports.accept(staff.head, settlement)
    look("money-back", staff.cashier, address)
    look("returns", staff.cashier, "/payments/?view=returns")


def test_where_money_comes_back_to_and_what_stands_on_record(look):
    staff = county()
    award = approved(staff=staff, settlement_due=dt.date(2010, 5, 3))
    paid_first(award, staff)
    at = f"/schemes/{award.application.scheme.slug}/returns/"
    look("return-terms-form", staff.finance, at)
    terms = ReturnTerms(30, "0040037", "012345678901", "高雄縣政府", "府社區簽字第0990000032號", "開立專戶")
    change = return_terms.propose(staff.finance, award.application.scheme, terms)
    look("return-terms-waits", staff.finance, at)
    look("return-terms-decide", staff.head, at)
    return_terms.decide(staff.head, change, "confirm")
    look("return-terms-history", staff.officer, at)
    look("record", staff.officer, f"/registry/{award.application.organisation_id}/")
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    look("record-debt", staff.officer, f"/registry/{award.application.organisation_id}/")
    look("return-member", member(award), f"/settlements/{award.number}/")


def test_filling_in_without_a_script(page_without_js, live_server):
    staff = county()
    award = approved((50_000,), staff=staff)
    someone = member(award)
    page = page_without_js
    sign_in(page, live_server, someone)
    page.goto(f"/settlements/{award.number}/")
    page.get_by_label("計畫實際辦完的日期").fill("99/5/31")
    page.get_by_role("button", name="登記執行完畢").first.click()
    page.get_by_label("第 1 項實支").fill("４９，０００")
    page.get_by_role("button", name="送出結報").first.click()
    expect(page.get_by_role("alert").get_by_role("link").nth(4)).to_be_visible()
    # What could be read was saved, and stands there as the portal writes it.
    expect(page.get_by_label("第 1 項實支")).to_have_value("49,000")


def test_all_is_settled_in_the_browser(page, live_server):
    staff = county()
    award = approved((50_000,), staff=staff)
    accepted(award, staff, (49_000,))
    sign_in(page, live_server, member(award))
    page.goto(f"/settlements/{award.number}/")
    assert "請送最後一期款的領據" in page.locator(".next").inner_text()


def press(page, live_server, user, address: str, *buttons: str) -> None:
    """Somebody opens the page and presses what stands first on it."""
    sign_in(page, live_server, user)
    page.goto(address)
    for button in buttons:
        page.get_by_role("button", name=button).first.click()


def test_the_results_are_passed_and_the_settlement_accepted_by_its_buttons(page, live_server):
    staff = county()
    award = approved((50_000,), staff=staff)
    settlement = submitted(award, 49_000)
    address = f"/settlements/{award.number}/"
    press(page, live_server, staff.finance, address, "憑證已核")
    press(page, live_server, staff.officer, address, "成果已核")
    expect(page.get_by_role("status").first).to_contain_text("成果已核，已通知主管。")
    press(page, live_server, staff.head, address, "准予核銷")
    settlement.refresh_from_db()
    assert (settlement.status, settlement.eligible) == ("accepted", 49_000)
    assert (
        page.evaluate("[...document.querySelectorAll('button')].filter(b => b.type === 'submit' && !b.form).length")
        == 0
    )


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_the_officer_answers_first_has_one_button_that_works(open_page, live_server, window):
    """A month with too few people in the day care: the first thing on the page leads to the question."""
    staff = county()
    award = station(staff, "disability_day_care")
    settlement = to_read(staff, award)
    page = open_page(viewport=window)
    press(page, live_server, staff.officer, f"/settlements/{award.number}/")
    button = page.get_by_role("button", name="成果已核")
    assert button.count() == 1
    page.locator(".next").get_by_role("link", name="回答並核成果").click()
    question = page.get_by_label("接受", exact=True)
    question.check()
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("成果已核，已通知主管。")
    settlement.refresh_from_db()
    assert settlement.status == "content_checked"
    press(page, live_server, staff.head, f"/settlements/{award.number}/", "准予核銷")
    settlement.refresh_from_db()
    assert settlement.status == "accepted"


@pytest.mark.parametrize("name", ["領據.jpg", "領據.png"])
def test_a_receipt_that_is_a_picture_is_shown_alone(open_page, live_server, name):
    """Chromium makes a page around a picture with styles of its own; `open_page` fails where the policy stops them."""
    staff = county()
    award = approved(staff=staff, receipt_due=dt.date(2010, 7, 1))
    someone = member(award)
    picture = SimpleUploadedFile(name, samples.picture("PNG" if name.endswith("png") else "JPEG"))
    instalments.request_payment(someone, award.instalments.get(number=1), receipt_number="旗示字第1號", receipt=picture)
    page = open_page(viewport=WIDE)
    sign_in(page, live_server, someone)
    answer = page.goto(f"/awards/{award.number}/receipt/1/")
    assert answer.status == 200
    assert page.evaluate("document.images[0].naturalWidth") > 1

"""What an office types is kept on the device until it was sent, whatever form it is: it says so and offers it again."""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import PHONE, WIDE
from tests.factories.money import approved, member
from tests.grants.settling import submitted
from tests.grants.test_browser_money import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "請補附三月講師簽到單，並說明單據日期"
KEPT = re.compile(r"已暫存在這台裝置 \d\d:\d\d")


@pytest.fixture
def settlement(staff):
    award = approved((50_000,), staff=staff)
    member(award)
    return submitted(award, 49_000)


def note_of(page):
    return page.locator("#correction textarea")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_note_outlives_the_page_and_goes_once_it_was_sent(open_page, live_server, staff, settlement, window):
    page, address = open_page(viewport=window), f"{live_server.url}/settlements/{settlement.number}/"
    sign_in(page, live_server, staff.officer)
    page.goto(address)
    note_of(page).fill(NOTE)
    expect(page.locator("#correction .saved")).to_have_text(KEPT)
    page.goto(address)
    assert note_of(page).input_value() == ""
    page.get_by_role("button", name="帶回來").click()
    expect(note_of(page)).to_have_value(NOTE)
    page.get_by_role("button", name="請協會補正").click()
    expect(page.locator("#messages")).to_contain_text("已請申請單位補正")
    settlement.refresh_from_db()
    assert settlement.correction_note == NOTE
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:')).length") == 0


def test_nobody_else_on_the_device_is_offered_it(page, live_server, staff, settlement):
    address = f"{live_server.url}/settlements/{settlement.number}/"
    sign_in(page, live_server, staff.officer)
    page.goto(address)
    note_of(page).fill(NOTE)
    expect(page.locator("#correction .saved")).to_have_text(KEPT)
    sign_in(page, live_server, staff.finance)
    page.goto(address)
    expect(note_of(page)).to_have_value("")
    expect(page.get_by_role("button", name="帶回來")).to_have_count(0)


def test_an_ended_session_and_a_refusal_leave_it(page, live_server, staff, settlement):
    address = f"{live_server.url}/settlements/{settlement.number}/"
    sign_in(page, live_server, staff.finance)
    page.goto(address)
    line = settlement.lines.get()
    reason, amount = page.locator(f"#id_line-{line.pk}-reason"), page.locator(f"#id_line-{line.pk}-admitted")
    amount.fill("五萬")
    reason.fill("收據抬頭不是申請單位")
    page.locator(".next").get_by_role("button", name="憑證已核").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert reason.input_value() == "收據抬頭不是申請單位"
    page.context.clear_cookies(name="sessionid")
    amount.fill("48000")
    expect(page.locator("#sums .saved")).to_have_text(KEPT)
    page.locator(".next").get_by_role("button", name="憑證已核").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, live_server, staff.finance)
    page.goto(address)
    page.get_by_role("button", name="帶回來").click()
    expect(amount).to_have_value("48000")
    expect(reason).to_have_value("收據抬頭不是申請單位")


def test_it_says_nothing_where_nothing_was_typed_and_keeps_no_password(page, live_server, staff, settlement):
    sign_in(page, live_server, staff.officer)
    page.goto(f"{live_server.url}/settlements/{settlement.number}/")
    expect(page.locator("#correction .saved")).to_have_count(0)
    page.goto(f"{live_server.url}/accounts/password/change/")
    for field in page.locator("input[type=password]").all():
        field.fill("something-secret-9")
    page.goto(f"{live_server.url}/desk/")
    assert page.evaluate("Object.keys(localStorage)") == ["person"]

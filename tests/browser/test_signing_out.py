"""Signing out leaves nothing of its person on the device, and asks before anything that was not sent goes."""

import pytest
from playwright.sync_api import Page, expect

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.money import approved, county, member
from tests.grants import settling

from .acting import Person, give_session
from .test_vouchers_offline import enter, waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEFT = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
    ...(await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
    ...await new Promise((done) => {
        const opening = indexedDB.open("vouchers", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "key" });
        opening.onsuccess = () => {
            const keys = opening.result.transaction("waiting").objectStore("waiting").getAllKeys();
            keys.onsuccess = () => { opening.result.close(); done(keys.result); };
        };
    }),
]"""
NOTE = "請補附三月講師簽到單"


def sign_out(page: Page) -> None:
    page.locator(".site").get_by_role("button", name="登出").click()


def note_of(page: Page):
    return page.locator("#correction textarea")


@pytest.fixture
def typed(page):
    """An officer who has typed into a form and not sent it."""
    staff = county()
    award = approved((50_000,), staff=staff)
    member(award)
    settlement = settling.submitted(award, 49_000)
    give_session(page, staff.officer)
    Person(page, staff.officer).goes(f"/settlements/{settlement.number}/")
    note_of(page).fill(NOTE)
    expect(page.locator("#correction .saved")).to_contain_text("已暫存在這台裝置")
    return staff.officer


def test_it_asks_once_and_leaves_nothing(page, axe, typed):
    other = page.context.new_page()
    other.goto("/desk/")
    expect(other.locator(".site")).to_contain_text("登出")
    sign_out(page)
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("還有 1 份內容沒有送出，登出以後會從這台裝置清除。")
    axe(page)
    question.get_by_role("button", name="先不登出").click()
    expect(question).to_have_count(0)
    expect(note_of(page)).to_have_value(NOTE)
    sign_out(page)
    page.get_by_role("button", name="仍要登出").click()
    expect(page.locator("#messages")).to_contain_text("您已登出，這台裝置沒有留下您填的內容")
    assert page.evaluate(LEFT) == []
    # A page that lies open elsewhere in the browser shows nothing of the person either.
    expect(other.get_by_role("heading")).to_have_text("已登出")
    expect(other.locator("body")).not_to_contain_text(typed.display_name)


@pytest.mark.usefixtures("typed")
def test_without_a_net_the_device_is_cleared_and_signed_out_later(page):
    page.context.set_offline(True)
    sign_out(page)
    page.get_by_role("button", name="仍要登出").click()
    expect(page.get_by_role("heading", name="還沒有登出")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("這台裝置上的內容已經清除")
    assert page.evaluate(LEFT) == []
    page.context.set_offline(False)
    expect(page.locator("#messages")).to_contain_text("您已登出")


def test_the_answer_alone_clears_what_no_script_reached(page):
    """The browser does what `Clear-Site-Data` says; where nothing is unsent it does not ask."""
    user = person(Role.CASE_OFFICER)
    give_session(page, user)
    Person(page, user).goes("/accounts/logout/")
    page.evaluate("localStorage.setItem('kept:0:elsewhere', '{}')")
    page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('.site form[action$=\"/logout/\"]'))")
    expect(page.locator("#messages")).to_contain_text("您已登出")
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.usefixtures("typed")
def test_another_person_finds_nothing_and_nothing_older_than_a_week_is_kept(page):
    page.context.clear_cookies()
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('kept:'))"
    page.goto("/")
    assert len(page.evaluate(kept)) == 1
    give_session(page, person(Role.CASE_OFFICER))
    page.goto("/desk/")
    assert page.evaluate(kept) == []
    week = "(days) => localStorage.setItem(`kept:0:${days}`, JSON.stringify({at: Date.now() - days * 86400000, entries: []}))"
    page.context.clear_cookies()
    for days in (6.9, 7.1):
        page.evaluate(week, days)
    page.goto("/")
    assert page.evaluate(kept) == ["kept:0:6.9"]


def test_vouchers_that_wait_do_not_go_without_a_word(phone):
    user = member_of(OrganisationFactory())
    award = approved()
    staff_user = member(award)
    settling.opened(award, staff_user)
    give_session(phone, staff_user)
    staff = Person(phone, staff_user).goes(f"/settlements/{award.number}/vouchers/add/")
    expect(waiting(phone)).to_have_attribute("data-ready", "yes")
    phone.context.set_offline(True)
    enter(staff, "1,200", "旗山米行")
    expect(waiting(phone)).to_contain_text("1 張單據等網路恢復後送出")
    # Somebody else signs in at this device meanwhile.
    phone.context.clear_cookies()
    give_session(phone, user)
    phone.context.set_offline(False)
    phone.goto("/desk/")
    expect(phone.locator("#messages")).to_contain_text("前一位使用者 1 張沒有送出的單據，請他登入送出。最晚")
    # The person who entered it reads where it waits; pressing 登出 asks.
    phone.context.clear_cookies()
    give_session(phone, staff_user)
    phone.goto("/desk/")
    expect(phone.locator("#messages")).to_contain_text("您有 1 張單據還在這台裝置，沒有送出。")
    phone.locator(".site summary").first.click()
    sign_out(phone)
    expect(phone.get_by_role("dialog")).to_contain_text("還有 1 張單據沒有送出")
    phone.get_by_role("button", name="先不登出").click()
    phone.context.clear_cookies()
    give_session(phone, user)
    phone.goto("/desk/")
    phone.get_by_role("button", name="現在清除").click()
    expect(phone.locator("#messages")).to_contain_text("已清除")
    assert [key for key in phone.evaluate(LEFT) if "-" in key and "entry" not in key] == ["waiting-said"]

"""Two windows at one form, and errors that come and go at their fields while somebody types."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from grants.models import Application
from tests.factories.communities import OrganisationFactory, member_of
from tests.grants.filing import ready_case

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATE = "[data-autosave-state]"
SAVED = re.compile(r"已儲存 \d\d:\d\d")
PANEL = "[data-conflicts]"


@pytest.fixture
def draft() -> SimpleNamespace:
    organisation = OrganisationFactory()
    staff = member_of(organisation)
    case = ready_case(organisation, staff, place="活動中心")
    return SimpleNamespace(staff=staff, case=case, step=f"/applications/{case.number}/edit/project/")


@pytest.fixture
def windows(page, draft) -> tuple[Person, Person]:
    give_session(page, draft.staff)
    first = Person(page, draft.staff).goes(draft.step)
    return first, Person(page.context.new_page(), draft.staff).goes(draft.step)


def kept() -> tuple[str, str]:
    case = Application.objects.get()
    return case.title, case.place


def test_different_fields_are_both_kept(windows):
    first, second = windows
    second.fill({"計畫名稱": "第二個視窗"})
    expect(second.page.locator(STATE)).to_have_text(SAVED)
    first.fill({"辦理地點": "廟口"})
    expect(first.page.locator(STATE)).to_contain_text("剛改了「計畫名稱」，已經帶進這一頁")
    expect(first.field("計畫名稱")).to_have_value("第二個視窗")
    assert kept() == ("第二個視窗", "廟口")


@pytest.mark.parametrize(("choice", "title"), [("我填的", "第一個視窗"), ("現在存的", "第二個視窗")])
def test_the_same_field_is_asked_with_both_texts(windows, axe, choice, title):
    first, second = windows
    second.fill({"計畫名稱": "第二個視窗"})
    expect(second.page.locator(STATE)).to_have_text(SAVED)
    first.fill({"計畫名稱": "第一個視窗", "辦理地點": "廟口"})
    panel = first.page.locator(PANEL)
    expect(panel).to_contain_text("第一個視窗")
    expect(panel).to_contain_text("第二個視窗")
    expect(first.page.locator(STATE)).to_have_attribute("data-state", "refused")
    axe(first.page)
    assert kept() == ("第二個視窗", "活動中心")
    panel.get_by_label(re.compile(choice)).click()
    expect(first.page.locator(STATE)).to_have_text(SAVED)
    expect(first.page.locator(PANEL)).to_have_count(0)
    expect(first.field("計畫名稱")).to_have_value(title)
    assert kept() == (title, "廟口")


def test_without_scripts_the_button_asks_and_asks_again(page_without_js, draft):
    give_session(page_without_js, draft.staff)
    first = Person(page_without_js, draft.staff).goes(draft.step)
    second = Person(page_without_js.context.new_page(), draft.staff).goes(draft.step)
    second.fill({"計畫名稱": "第二個視窗"}).press("儲存")
    first.fill({"計畫名稱": "第一個視窗", "辦理地點": "廟口"}).press("儲存")
    first.sees("我填的", "現在存的").press("儲存")
    assert kept() == ("第二個視窗", "活動中心")
    first.page.get_by_label(re.compile("我填的")).check()
    first.press("儲存")
    assert kept() == ("第一個視窗", "廟口")


def test_an_error_stands_at_its_field_while_typing_and_goes_when_it_is_mended(page, draft):
    give_session(page, draft.staff)
    staff = Person(page, draft.staff).goes(draft.step)
    staff.fill({"結束日期": "99/2/31"})
    field = staff.field("結束日期")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_ends_on_error")).to_contain_text("只有1日到28日")
    expect(page.locator(STATE)).to_contain_text(re.compile(r"其他內容已儲存 \d\d:\d\d，「結束日期」要改"))
    staff.press("下一步")
    expect(page.locator("[data-error-summary]")).to_contain_text("結束日期")
    staff.fill({"結束日期": "99/12/31"})
    expect(page.locator(STATE)).to_have_text(SAVED)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_ends_on_error")).to_have_count(0)
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    expect(page.get_by_role("button", name="帶回來")).to_have_count(0)

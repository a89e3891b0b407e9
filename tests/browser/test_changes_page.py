"""A change of the county's own data, confirmed and refused with the mouse, on a phone and without JavaScript."""

import pytest
from playwright.sync_api import expect

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes.enums import ChangeStatus
from tests.changes.example import propose_greeting
from tests.factories.accounts import person

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", ["page", "page_without_js", "phone"])
def test_it_is_found_on_the_desk_and_confirmed(request, window):
    browser = request.getfixturevalue(window)
    change, head = propose_greeting(person(Role.CASE_OFFICER), "早安"), person(Role.APPROVER)
    give_session(browser, head)
    reader = Person(browser, head).goes("/desk/")
    reader.press("看變更")
    expect(browser.get_by_role("cell", name="早安")).to_be_visible()
    reader.press("確認這件變更")
    expect(browser.get_by_text("已確認", exact=True).first).to_be_visible()
    change.refresh_from_db()
    assert (change.status, change.decided_by) == (ChangeStatus.CONFIRMED, head)


def test_a_refusal_asks_for_its_reason_and_tells_it(page):
    change, head = propose_greeting(person(Role.CASE_OFFICER), "早安"), person(Role.APPROVER)
    give_session(page, head)
    reader = Person(page, head).goes(f"/changes/{change.pk}/")
    page.get_by_text("不同意", exact=True).click()
    reader.press("不同意，退回提出的人")
    expect(page.get_by_text("請寫不同意的理由，提出的人會看到。").first).to_be_visible()
    reader.fill({"不同意的理由": "太早了"}).press("不同意，退回提出的人")
    change.refresh_from_db()
    assert (change.status, change.note) == (ChangeStatus.REFUSED, "太早了")

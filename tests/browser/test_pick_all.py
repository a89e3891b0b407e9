"""Ticking all letters of the register at once."""

import pytest
from playwright.sync_api import expect

from tests.factories import reviews

from .acting import give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_all_letters_are_ticked_and_unticked(page, page_without_js):
    people = reviews.staff()
    for _case in range(2):
        reviews.approved(people)
    officer = people.officer
    give_session(page, officer)
    page.goto("/letters/")
    page.get_by_role("button", name="全選", exact=True).click()
    expect(page.locator("[name=row]:checked")).to_have_count(2)
    expect(page.locator("[data-pick-all] [role=status]")).to_have_text("已勾選 2 件")
    page.get_by_role("button", name="全不選").click()
    expect(page.locator("[name=row]:checked")).to_have_count(0)
    give_session(page_without_js, officer)
    page_without_js.goto("/letters/")
    expect(page_without_js.get_by_role("button", name="全選", exact=True)).to_have_count(0)

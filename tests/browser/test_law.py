"""A link from a finding opens the law page at its clause."""

import pytest
from playwright.sync_api import expect

from grants.queries.law.pages import address_of
from grants.services.schemes import sync

pytestmark = pytest.mark.browser


def test_the_link_of_a_clause_leads_to_it(page, phone):
    sync.sync()
    for window in (page, phone):
        window.goto(address_of("kaohsiung-88", "K4.1.2"))
        expect(window.locator("[id='K4.1.2']")).to_be_in_viewport()


def test_without_scripts_every_chapter_can_be_unfolded(page_without_js):
    sync.sync()
    page_without_js.goto("/schemes/kaohsiung-88/law/")
    clause = page_without_js.locator("[id='K5.2a']")
    expect(clause).not_to_be_visible()
    assert page_without_js.evaluate("document.documentElement.scrollHeight") < 3000
    page_without_js.get_by_role("link", name="伍、補助原則").click()
    expect(clause).to_be_visible()

"""A link from a finding opens the law page at its clause."""

import pytest
from playwright.sync_api import expect

from grants.services import schemes

pytestmark = pytest.mark.browser


def test_the_link_of_a_clause_leads_to_it(page, phone):
    schemes.sync()
    for window in (page, phone):
        window.goto("/schemes/kaohsiung-88/law/#K4.1.2")
        expect(window.locator("[id='K4.1.2']")).to_be_in_viewport()

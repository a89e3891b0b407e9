"""The menu of the people who have the longest one."""

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, PostFactory, person

from .acting import give_session

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.AUDITOR])
def test_the_menu_stands_in_one_row_beside_the_name(role, page):
    user = person(role)
    if role == Role.AUDITOR:
        PostFactory(user=user, role=role, county=MIAOLI)
    give_session(page, user)
    page.goto("/desk/")
    middles = "e => { const box = e.getBoundingClientRect(); return Math.round((box.top + box.bottom) / 2) }"
    items = page.locator(".site .menu li")
    rows = {items.nth(number).evaluate(middles) for number in range(items.count())}
    brand = page.locator(".site .brand").evaluate(middles)
    assert items.count() >= 12
    assert all(abs(row - brand) < 12 for row in rows)

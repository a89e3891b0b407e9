"""The keys of a list: where they lead, when they are quiet, and how they are turned off."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import reviews

from .acting import give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rows_are_gone_through_ticked_and_opened(page):
    people = reviews.staff()
    cases = [reviews.filed() for _row in range(3)]
    give_session(page, people.officer)
    page.goto("/applications/")
    rows, press = page.locator("[data-key-rows] > tr"), page.keyboard.press
    press("/")
    search = page.locator("[name=q]")
    expect(search).to_be_focused()
    page.keyboard.type("jx?")
    expect(search).to_have_value("jx?")
    search.blur()
    for _row in range(5):
        press("j")
    expect(rows.nth(2)).to_be_focused()
    press("k")
    press("x")
    expect(rows.nth(1).locator("[type=checkbox]")).to_be_checked()
    expect(page.locator("[data-pick-all] [role=status]")).to_have_text("已勾選 1 件")
    press("Control+j")
    press("?")
    shown = page.get_by_role("dialog", name="快速鍵")
    expect(shown.get_by_role("row")).to_have_text(
        [re.compile(words) for words in ("按鍵", "快速鍵", "下一列", "上一列", "打開", "勾選", "搜尋")]
    )
    shown.get_by_label("在這台電腦使用快速鍵").uncheck()
    press("Escape")
    press("k")
    expect(rows.nth(0)).not_to_be_focused()
    page.reload()
    page.get_by_role("button", name="快速鍵").click()
    shown.get_by_label("在這台電腦使用快速鍵").check()
    shown.get_by_role("button", name="關閉").click()
    press("j")
    press("Enter")
    expect(page).to_have_url(re.compile(f"/applications/{cases[-1].number}/$"))

"""Anybody tries a budget: it checks itself while it is typed, and its buttons do the same without a script."""

import pytest
from playwright.sync_api import Page, expect

from grants.services.schemes import sync

pytestmark = pytest.mark.browser


def add_lecturer(page: Page, requested: str) -> None:
    page.goto("/schemes/kaohsiung-88/calculator/")
    page.select_option("#item", "lecturer_fee")
    page.click("button[value=add]")
    page.fill("[name=line-1-hours]", "6")
    page.select_option("[name=line-1-in_house]", "false")
    page.fill("[name=line-1-requested]", requested)


def test_the_margin_follows_the_typing_and_the_cap_is_taken(page):
    sync.sync()
    add_lecturer(page, "9601")
    expect(page.locator("#margin-1")).to_contain_text("超出 1 元")
    expect(page.locator("#calculator-voice")).to_contain_text("還有 1 項必須修正")
    page.fill("[name=line-1-requested]", "9600")
    expect(page.locator("#margin-1")).to_contain_text("符合")
    page.fill("[name=line-1-requested]", "9700")
    page.click("text=改為上限 9,600 元")
    expect(page.locator("[name=line-1-requested]")).to_have_value("9,600")


def test_without_a_network_the_page_says_so_and_keeps_what_was_typed(page):
    sync.sync()
    add_lecturer(page, "9600")
    expect(page.locator("#margin-1")).to_contain_text("符合")
    page.context.set_offline(True)
    page.fill("[name=line-1-requested]", "9601")
    expect(page.locator("#calculator-state")).to_contain_text("網路中斷")
    expect(page.locator("[name=line-1-requested]")).to_have_value("9601")
    page.context.set_offline(False)
    expect(page.locator("#margin-1")).to_contain_text("超出 1 元")
    expect(page.locator("#calculator-state")).to_be_empty()


def test_without_a_script_the_button_checks(page_without_js):
    sync.sync()
    add_lecturer(page_without_js, "9601")
    page_without_js.locator("button[value=check]").last.click()
    expect(page_without_js.locator("#margin-1")).to_contain_text("超出 1 元")

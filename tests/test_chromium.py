"""The page of signing in, as the fixtures for Chromium show it: wide, on a phone, without JavaScript."""

import pytest
from playwright.sync_api import Error

from tests.chromium import as_a_phone

pytestmark = pytest.mark.browser


def test_signing_in_is_accessible_on_every_window(page, phone, page_without_js, axe):
    for window in (page, phone):
        assert window.goto("/accounts/login/").status == 200
        axe(window)
    page_without_js.goto("/accounts/login/")
    assert page_without_js.locator("input[type=password]").count() == 1


def test_a_phone_does_not_scroll_sideways(phone):
    phone.goto("/accounts/login/")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_poor_contrast_is_found_and_not_where_a_style_draws_behind_the_words(page, axe):
    words = '<html lang="zh-Hant"><title>試</title><main><h1>字</h1><p style="color: #aaa">{}</p></main>'
    page.set_content(words.format("淡字"))
    with pytest.raises(AssertionError, match="serious color-contrast"):
        axe(page)
    drawn = "<style>p::before {content: ''; position: absolute; inset: 0; background: black}</style>"
    page.set_content(words.format("淡字") + drawn)
    axe(page)


WHAT_A_PAGE_SEES = """[
    innerWidth, innerHeight, screen.width, devicePixelRatio, matchMedia("(orientation: portrait)").matches,
    ...[...document.querySelectorAll("body *")].map(e => JSON.stringify(e.getBoundingClientRect())),
]"""


def test_a_wide_window_becomes_a_phone_and_wide_again(page, phone):
    for window in (page, phone):
        window.goto("/accounts/login/")
    wide, real = page.evaluate(WHAT_A_PAGE_SEES), phone.evaluate(WHAT_A_PAGE_SEES)
    assert wide != real
    with as_a_phone(page):
        assert page.evaluate(WHAT_A_PAGE_SEES) == real
    assert page.evaluate(WHAT_A_PAGE_SEES) == wide


def test_only_where_the_browser_failed_a_test_is_tried_once_more(request):
    once_more = request.node.get_closest_marker("flaky")
    assert once_more.kwargs == {"reruns": 1, "only_rerun": Error, "rerun_except": AssertionError}

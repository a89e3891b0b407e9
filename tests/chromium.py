"""Fixtures that drive Debian's Chromium against the live server.

`page` is a wide window, `phone` 390 × 844, `page_without_js` has JavaScript switched off; `open_page(**options)` makes others.
A page that logs an error in its console (a blocked script, a broken file) fails its test. `axe(page)` asserts the
accessibility rules.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PHONE_WINDOW = {"viewport": PHONE, "has_touch": True, "is_mobile": True}

# On a loaded machine; a page that answers is never waited for longer than it takes.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

# A refused form (409, 422, 403, 404) is an answer, not a broken page; a network goes only where a test takes it away.
ANSWERS = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "Failed to load resource: net::ERR_FAILED",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[OpenPage]:
    """Make a page of a person of its own (own cookies). Options are those of Playwright's `new_context`."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERS):
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def make(**options: object) -> Page:
        settings = {
            "base_url": live_server.url,
            "locale": "zh-TW",
            "timezone_id": "Asia/Taipei",
            "viewport": WIDE,
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**settings | options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE_WINDOW)


@pytest.fixture
def page_without_js(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that a page breaks no accessibility rule seriously or critically."""
    rules = Axe()

    def check(page: Page) -> None:
        violations = rules.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found = [
            f"{v['impact']} {v['id']}: {v['help']} {[node['target'] for node in v['nodes']][:5]}"
            for v in violations
            if v["impact"] in {"serious", "critical"}
        ]
        assert found == [], page.url

    return check

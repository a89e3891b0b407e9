"""Fixtures that drive Debian's Chromium, in its build without a screen, against the live server.

`page` is a wide window, `phone` 390 × 844, `page_without_js` has JavaScript switched off; `open_page(**options)` makes others,
and `as_a_phone(page)` shows what stands in a wide window as a phone shows it.
A page that logs an error in its console (a blocked script, a broken file) fails its test. `axe(page)` asserts the
accessibility rules.

Opening a window costs Chromium more than showing several pages in it, so a window goes from one test to the next, made as
new; see `Window`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Error, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
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
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

# A refused form (409, 422, 403, 404) is an answer, not a broken page; a network goes only where a test takes it away.
ANSWERS = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "Failed to load resource: net::ERR_FAILED",
)

# What a test does to a window with these stays there: it is closed afterwards.
STAYS = ("add_init_script", "expose_function", "expose_binding", "route", "on", "once")
STAYS_ON_A_PAGE = ("set_viewport_size", "emulate_media", "set_content")
STAYS_ON_A_CLOCK = ("install", "set_fixed_time", "set_system_time")
# So many windows of a kind wait for the next test.
RESTING = 2

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test once more where the browser itself failed, such as a page that died: the summary names it.

    What a test asserts is never asked twice.
    """
    once_more = pytest.mark.flaky(reruns=1, only_rerun=Error, rerun_except=AssertionError)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(once_more)


class Window:
    """A page of a person of its own: own cookies, nothing stored, one empty page.

    `errors` is what its pages logged since it was taken. A test may change more than a window can be rid of; then it is
    `spent`.
    """

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self.origin = options["base_url"]
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.spent = False
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tools = self.context.new_cdp_session(self.page)
        for thing, names in (
            (self.context, STAYS),
            (self.page, STAYS + STAYS_ON_A_PAGE),
            (self.page.clock, STAYS_ON_A_CLOCK),
        ):
            for name in names:
                if hasattr(thing, name):
                    setattr(thing, name, self._spending(getattr(thing, name)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERS):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _spending(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.spent = True
            return method(*args, **kwargs)

        return call

    def made_as_new(self) -> bool:
        """Whether the window may go to another test."""
        at_home = self.page.url == "about:blank" or self.page.url.startswith(self.origin)
        if self.spent or self.page.is_closed() or not at_home:
            return False
        for other in self.context.pages:
            if other is not self.page:
                other.close()
        self.context.set_offline(False)
        if self.page.url != "about:blank":
            self.page.evaluate("try { sessionStorage.clear() } catch {}")
            self.page.goto("about:blank")
        self.context.clear_cookies()
        self.tools.send("Storage.clearDataForOrigin", {"origin": self.origin, "storageTypes": "all"})
        self.tools.send("Network.clearBrowserCache")
        return True


class Windows:
    """The windows of one browser that wait for a test, by their options."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.resting: dict[str, list[Window]] = {}

    def take(self, options: dict[str, Any]) -> Window:
        waiting = self.resting.get(repr(sorted(options.items())))
        window = waiting.pop() if waiting else Window(self.browser, options)
        window.context.set_default_timeout(PATIENCE_MS)
        return window

    def give_back(self, options: dict[str, Any], window: Window) -> list[str]:
        """The errors that the window's pages logged."""
        waiting = self.resting.setdefault(repr(sorted(options.items())), [])
        if window.made_as_new() and len(waiting) < RESTING and not window.errors:
            waiting.append(window)
        else:
            window.context.close()
        return window.errors


@contextmanager
def as_a_phone(page: Page) -> Iterator[None]:
    """Until the block ends, the wide window is a phone's, with what was loaded into it. Nobody touches it there."""
    _resize(page, PHONE, True)
    try:
        yield
    finally:
        _resize(page, WIDE, False)


def _resize(page: Page, size: dict[str, int], phone: bool) -> None:
    """As Playwright does it for a window that is opened with that size."""
    screen = {"screenWidth": size["width"], "screenHeight": size["height"]}
    _tools(page).send("Emulation.setDeviceMetricsOverride", {**size, **screen, "deviceScaleFactor": 1, "mobile": phone})


@cache
def _tools(page: Page) -> CDPSession:
    """One for all tests to which the window goes: without it the window would fall back to another size."""
    return page.context.new_cdp_session(page)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def kept_windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def open_page(kept_windows: Windows, live_server) -> Iterator[OpenPage]:
    """Make a page of a person of its own (own cookies). Options are those of Playwright's `new_context`."""
    taken: list[tuple[dict[str, Any], Window]] = []

    def make(**options: object) -> Page:
        settings = {
            "base_url": live_server.url,
            "locale": "zh-TW",
            "timezone_id": "Asia/Taipei",
            "viewport": WIDE,
            "reduced_motion": "reduce",
        }
        window = kept_windows.take(settings | options)
        taken.append((settings | options, window))
        return window.page

    yield make
    assert [error for options, window in taken for error in kept_windows.give_back(options, window)] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE_WINDOW)


@pytest.fixture
def page_without_js(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


# What stands before and after an element only makes axe doubt a poor contrast, and to look for it takes long: that is done
# where one was found. Of what axe answers, most are the rules that hold, which nobody reads.
RUN_AXE = """async (doubting) => {
    axe._audit.checks["color-contrast"].options.ignorePseudo = !doubting;
    return (await axe.run({resultTypes: ["violations"]})).violations;
}"""


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that a page breaks no accessibility rule, however light."""
    script = Axe().axe_script

    def check(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        for doubting in (False, True):
            violations = page.evaluate(RUN_AXE, doubting)
            found = [
                f"{v['impact']} {v['id']}: {v['help']} {[node['target'] for node in v['nodes']][:5]}"
                for v in violations
            ]
            if not found:
                break
        assert found == [], page.url

    return check

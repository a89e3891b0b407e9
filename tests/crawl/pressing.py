"""Press what stands on a page, in a browser, and say what is wrong with what happens.

A press is wrong when a request that it makes is answered 404, 405 or 5xx or with an empty page, when a button has no
form, when something lies over the control so that no finger reaches it, or when nothing on the page changes.
A plain link that was followed once is in other places and windows only tried: whether a finger would reach it.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Dialog, Download, FileChooser, Locator, Page, Response
from playwright.sync_api import Error as Failure

from tests.demonstration import Demonstration

from .discovery import SIGN_OUT, PageKind, hands_out_a_file, in_general

# Not the hidden button that only says what Enter does.
CONTROLS = "main button:not([aria-hidden=true]), main input[type=submit], main summary, main a[href]"
# What a person sees of a page; a press that changes none of it did nothing.
SEEN = """() => [
    location.href, document.body.innerText, document.querySelectorAll('details[open]').length, document.activeElement?.id,
    [...document.querySelectorAll('input,select,textarea')].map(e => e.type == 'file' ? e.files.length : e.value + e.checked).join(),
    document.querySelectorAll('[hidden]').length, Math.round(scrollY / 50),
].join('|')"""
# Whether a control sends a form, and where it leads if it is a link and nothing more.
KIND = """e => [
    e.matches('button:not([type=button]), input[type=submit]'),
    e.matches('a') && ![...e.attributes].some(a => /^(hx-|data-)/.test(a.name)) ? e.href.split('#')[0] : '',
]"""
# A letter is set in type while one waits, which takes a loaded machine a while.
WAIT_MS, LOOK_EVERY_MS = 20_000, 60


@dataclass
class Tally:
    """How much was pressed, and what went wrong: by page and control, the sentences."""

    pages: int = 0
    presses: int = 0
    followed: set[str] = field(default_factory=set)
    wrong: dict[str, list[str]] = field(default_factory=dict)


class Presser:
    """Presses controls in one window as one account; the demonstration is put back after whatever wrote."""

    def __init__(self, page: Page, demo: Demonstration, tally: Tally) -> None:
        self.page, self.demo, self.tally = page, demo, tally
        self.bad: list[str] = []
        self.wrote = self.file = False
        # Nothing was pressed since the page was opened.
        self.untouched = False
        page.on("response", self._answered)
        page.on("request", self._asked)
        page.on("dialog", self._dialog)
        page.on("filechooser", self._shown_by_browser)
        page.on("download", self._shown_by_browser)
        page.on("popup", self._shown_by_browser)
        page.on("pageerror", lambda error: self.bad.append(f"script: {error}"))

    def press_all(
        self, kind: PageKind, address: str, most: int | None = None, only: set[tuple[str, str]] | None = None
    ) -> None:
        """Press one control of each kind on this page. `only` is narrowed: what it holds was pressed elsewhere."""
        self.tally.pages += 1
        self._open(address)
        for number, words in self._controls(kind, only, most):
            if not self.untouched:
                self._open(address)
            self._press(self.page.locator(CONTROLS).nth(number), f"{kind.route} {address} 「{words}」")

    def _controls(self, kind: PageKind, only: set[tuple[str, str]] | None, most: int | None) -> list[tuple[int, str]]:
        found: dict[str, int] = {}
        controls = self.page.locator(CONTROLS)
        for number in range(controls.count()):
            if len(found) == most:
                break
            control = controls.nth(number)
            if not control.is_visible() or not control.is_enabled() or _leaves(control):
                continue
            words = in_general(control.inner_text() or control.get_attribute("value") or "")
            mark = (kind.route, words)
            if words in found or (only is not None and mark in only):
                continue
            found[words] = number
            if only is not None:
                only.add(mark)
        return [(number, words) for words, number in found.items()]

    def _open(self, address: str) -> None:
        if self.wrote:
            self.page.goto("about:blank")
            self.demo.put_back()
        self.page.goto(address)
        self.bad, self.wrote, self.file, self.untouched = [], False, False, True

    def _press(self, control: Locator, name: str) -> None:
        self.tally.presses += 1
        sends, address = control.evaluate(KIND)
        problems = []
        if sends and not control.evaluate("e => !!e.form"):
            problems.append("the button has no form")
        try:
            if address in self.tally.followed:
                control.click(timeout=WAIT_MS, trial=True)
            else:
                control.scroll_into_view_if_needed(timeout=WAIT_MS)
                self.untouched, before = False, self.page.evaluate(SEEN)
                control.click(timeout=WAIT_MS)
                problems += self._what_happened(before)
        except Failure as failure:
            problems.append(f"cannot be pressed: {failure.message[-600:]}")
        problems += self.bad
        if problems:
            self.tally.wrong[name] = problems
            print("wrong:", name, problems, flush=True)
        elif address:
            self.tally.followed.add(address)

    def _what_happened(self, before: str) -> list[str]:
        """Look again and again until the page differs, or the browser shows a file or asks for one; at the longest WAIT_MS."""
        for _turn in range(WAIT_MS // LOOK_EVERY_MS):
            try:
                self.page.wait_for_load_state("load", timeout=WAIT_MS)
                if self.file or self.page.evaluate(SEEN) != before:
                    return []
            except Failure:
                pass  # in the middle of leaving one page for the next
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        return ["nothing visible happens"]

    def _answered(self, response: Response) -> None:
        if response.status in (404, 405) or response.status >= 500:
            self.bad.append(f"{response.request.method} {response.url.split('/', 3)[-1]}: {response.status}")

    def _asked(self, request) -> None:
        self.wrote = self.wrote or request.method != "GET"

    def _shown_by_browser(self, _what: FileChooser | Download | Page) -> None:
        self.file = True

    def _dialog(self, dialog: Dialog) -> None:
        dialog.accept()


def _leaves(control: Locator) -> bool:
    """Ends the session, dials, writes a mail, leads to another host or within the page, or hands out a file."""
    address = control.get_attribute("href")
    if address is None:
        return (control.get_attribute("formaction") or "") == SIGN_OUT
    return (
        not address.startswith(("/", "?"))
        or address.startswith((SIGN_OUT, "//"))
        or hands_out_a_file(address)
        or "download" in address
    )

"""An officer who works by keyboard alone, and how often a key did something: what a click would have been."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass
class Keyboard:
    """Somebody at a page with no mouse. `acts` counts the keys that pressed a button, followed a link or ticked a box;
    going through rows and typing count nothing.
    """

    page: Page
    acts: int = 0

    def acts_since(self, before: int) -> int:
        return self.acts - before

    def reach(self, wanted: Locator) -> Locator:
        """Go to what Tab would reach."""
        expect(wanted).to_be_visible()
        assert wanted.evaluate("(one) => one.tabIndex >= 0 && !one.disabled"), "Tab does not reach it"
        wanted.focus()
        expect(wanted).to_be_focused()
        return wanted

    def press(self, name: str) -> None:
        """Press the button, else follow the link, whose words begin so, and wait for the page that answers."""
        root, words = self.page.locator("main"), re.compile(rf"^\s*{re.escape(name)}")
        button = root.get_by_role("button", name=words)
        self.reach((button if button.count() else root.get_by_role("link", name=words)).first)
        self.key("Enter", answers=True)

    def key(self, key: str, *, answers: bool = False) -> None:
        """Press a key that does something; with `answers` a page answers it."""
        self.acts += 1
        if not answers:
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.key("Space")
        expect(box).to_be_checked()

    def down(self, rows: int = 1) -> None:
        for _row in range(rows):
            self.page.keyboard.press("j")

    def types(self, label: str, text: str) -> None:
        field = self.page.locator("main").get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first
        self.reach(field)
        self.page.keyboard.type(text)

    def chooses(self, label: str, text: str) -> None:
        """Go down a list of choices to this one."""
        field = self.page.locator("main").get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first
        self.reach(field)
        for _choice in range(field.locator("option").count()):
            self.page.keyboard.press("ArrowDown")
            if field.locator("option:checked").text_content() == text:
                return
        raise AssertionError(f"{text} is not among the choices")

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("body")).to_contain_text(word, use_inner_text=True)

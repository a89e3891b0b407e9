"""What must hold of the HTML of every page, whoever looks at it: each id once, each button with a form, no empty link."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

SENDS = ("submit", "image")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.forms: set[str] = set()
        self.named: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        where = f"<{tag} {' '.join(f'{name}={value!r}' for name, value in attrs)}>"
        if "id" in held:
            self.ids[held["id"] or ""] += 1
        if tag == "form":
            self.forms.add(held.get("id") or "")
            self.faults += [f"a form inside a form: {where}"] * (self.depth > 0)
            self.depth += 1
        self.faults += [f"an empty address: {where}" for name in ("href", "src") if name in held and not held[name]]
        if "form" in held:
            self.named.append((held["form"] or "", where))
        elif not self.depth and _sends(tag, held):
            self.faults.append(f"a button without a form: {where}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.depth -= 1


def _sends(tag: str, held: dict[str, str | None]) -> bool:
    kind = held.get("type")
    return (tag == "button" and kind in (None, "submit")) or (tag == "input" and kind in SENDS)


def faults(html: str) -> list[str]:
    """What is wrong with a page; empty where nothing is."""
    page = _Reader()
    page.feed(html)
    page.close()
    twice = [f"id {name!r} stands {count} times" for name, count in page.ids.items() if count > 1]
    lost = [f"no form {name!r}: {where}" for name, where in page.named if name not in page.forms]
    return [*twice, *lost, *page.faults]


def faults_of(answer: Any) -> list[str]:
    """The same of a response of the test client; a file, a redirect or a part of a page for htmx has none."""
    if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
        return []
    html = answer.content.decode(answer.charset)
    return faults(html) if "<html" in html else []

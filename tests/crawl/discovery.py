"""Which pages there are: every link that an account meets, and of each kind of page in each state one example.

Two pages are of one kind when their address is of the same route and the same controls stand on them. Numbers and
amounts in the words of a control do not count: 改為上限 51,200 元 and 改為上限 12,000 元 are one.
"""

import re
from collections import deque
from collections.abc import Collection, Container
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from miaoli_kaohsiung.accounts.permissions import PUBLIC
from tests.markup import faults_of

NUMBERS = re.compile(r"[0-9０-９][0-9０-９,.\-/:%年月日]*")
# Of one route, as many addresses are looked at for further states; the rest are more of the same.
MOST_OF_A_ROUTE = 60
# What a browser keeps or shows by itself. SIGN_OUT ends the session.
FILES = (".pdf", ".csv", ".ods", ".xlsx", ".json", ".toml", ".ics", ".odt")
SIGN_OUT = "/accounts/logout/"


@dataclass(frozen=True)
class PageKind:
    route: str
    controls: tuple[str, ...]


@dataclass
class Found:
    """What one account met: `pages` an example address of each kind, `faults` what was wrong, by address, and the
    `addresses` that were asked for.
    """

    pages: dict[PageKind, str]
    faults: dict[str, list[str]]
    addresses: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """Links and the words of buttons within <main>; links of the whole page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.depth = 0
        self.words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "main":
            self.depth += 1
        if tag == "a" and held.get("href"):
            self.links.append(held["href"] or "")
        if self.depth and tag in ("button", "summary"):
            self.words = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.depth -= 1
        if tag in ("button", "summary") and self.words is not None:
            self.buttons.append(in_general("".join(self.words)))
            self.words = None

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)


def in_general(words: str) -> str:
    """The words of a control without what differs between two of its kind."""
    return NUMBERS.sub("#", "".join(words.split()))


def route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def hands_out_a_file(address: str) -> bool:
    """Whether what the address leads to is no page of the portal."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    return hasattr(view, "no_page") or urlsplit(address).path.endswith(FILES)


def is_public(address: str) -> bool:
    """Whether nothing on the page depends on who looks at it."""
    return getattr(resolve(urlsplit(address).path).func, "audience", None) == PUBLIC


def discover(
    client: Client, routes: Collection[str] = (), known: Container[str] = (), most: int = MOST_OF_A_ROUTE
) -> Found:
    """Follow every link from the desk, or only those to pages of `routes`, `most` of each; one address is asked for once,
    and public ones that are `known` from another account not again.
    """
    start = "/desk/"
    found, seen, waiting, of_route = Found({}, {}), {start}, deque([start]), {}
    while waiting:
        address = waiting.popleft()
        found.addresses.add(address)
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            found.faults.setdefault(address, []).append(str(answer.status_code))
            continue
        if wrong := faults_of(answer):
            found.faults.setdefault(address, []).extend(wrong)
        for link in _links(found, address, answer):
            route = route_of(link)
            if link in seen or link.startswith(SIGN_OUT) or of_route.get(route, 0) >= most:
                continue
            if (routes and route not in routes) or (link in known and is_public(link)):
                continue
            of_route[route] = of_route.get(route, 0) + 1
            seen.add(link)
            waiting.append(link)
    return found


def _links(found: Found, address: str, answer) -> list[str]:
    """The links of a page, which is noted as an example of its kind; a file has none."""
    if not answer["Content-Type"].startswith("text/html"):
        if not answer.getvalue():
            found.faults.setdefault(address, []).append("an empty file")
        return []
    page = _Reader()
    page.feed(answer.content.decode(answer.charset))
    here = answer.request["PATH_INFO"]
    found.pages.setdefault(PageKind(route_of(here), tuple(sorted(set(page.buttons)))), address)
    joined = [urljoin(address, link).split("#")[0] for link in page.links]
    return [link for link in joined if link.startswith("/")]

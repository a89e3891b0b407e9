"""Everybody of the demonstration presses everything once, wide and on a phone, with and without JavaScript.

`make test` presses a sample; `make soak` all of it, and prints how many pages, states and buttons that were.
"""

import os

import pytest
from django.test import Client

from tests.chromium import PHONE
from tests.demonstration import Demonstration

from .discovery import Found, PageKind, discover
from .pressing import Presser, Tally

pytestmark = pytest.mark.browser
SOAK = bool(os.environ.get("SOAK"))
WINDOWS = {
    "wide": {},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
    "wide without JavaScript": {"java_script_enabled": False},
    "phone without JavaScript": {"viewport": PHONE, "has_touch": True, "is_mobile": True, "java_script_enabled": False},
}
# In the sample: pages of these routes, in the first state met, and at most so many controls in each window. Of each route so
# many pages are looked at besides.
SAMPLE = {
    "jiaxian-staff": ("grants:desk", "grants:award_detail", "grants:settlement_detail"),
    "ks-officer": ("grants:desk", "grants:letter_list", "grants:letter_detail"),
}
SAMPLE_PAGES = 12
SAMPLE_CONTROLS = dict(zip(WINDOWS, (5, 2, 2, 1), strict=True))


@pytest.fixture
def demo(demonstration, live_server, transactional_db):
    """The demonstration behind the live server; afterwards the tests' own database is there again."""
    demonstration.bring_files()
    with demonstration.shown():
        yield demonstration


def signed_in(demo: Demonstration, username: str) -> Client:
    client = Client()
    client.cookies["sessionid"] = demo.cookies[username]
    return client


def window_of(open_page, demo: Demonstration, username: str, window: str):
    page = open_page(**WINDOWS[window])
    page.context.add_cookies(
        [{"name": "sessionid", "value": demo.cookies[username], "domain": "localhost", "path": "/"}]
    )
    return page


def press(open_page, demo: Demonstration, username: str, pages: dict[PageKind, str], tally: Tally, **limits) -> None:
    for window in WINDOWS:
        page = window_of(open_page, demo, username, window)
        presser = Presser(page, demo, tally)
        for kind, address in pages.items():
            presser.press_all(kind, address, **{name: limit[window] for name, limit in limits.items()})
        page.context.close()
        demo.put_back()


def test_a_sample_of_buttons_and_links_does_what_it_says(open_page, demo):
    tally, faults = Tally(), {}
    for username, routes in SAMPLE.items():
        found = discover(signed_in(demo, username), routes=routes, most=SAMPLE_PAGES)
        faults |= found.faults
        firsts = {kind.route: (kind, address) for kind, address in reversed(found.pages.items())}
        assert set(routes) <= set(firsts), username
        press(open_page, demo, username, dict(firsts[route] for route in routes), tally, most=SAMPLE_CONTROLS)
    assert (faults, tally.wrong) == ({}, {})


@pytest.mark.skipif(not SOAK, reason="half an hour: make soak")
@pytest.mark.parametrize("county", ["kaohsiung", "miaoli"])
def test_every_button_and_link_of_every_account(open_page, demo, county):
    tally, faults, kinds, addresses = Tally(), {}, set(), set()
    pressed = {window: set() for window in WINDOWS}
    for username in accounts(county):
        found: Found = discover(signed_in(demo, username), known=addresses)
        new = {f"{username} {address}": wrong for address, wrong in found.faults.items()}
        faults |= new
        if new:
            print("wrong:", new, flush=True)
        addresses |= found.addresses
        fresh = {kind: address for kind, address in found.pages.items() if kind not in kinds}
        kinds |= set(fresh)
        press(open_page, demo, username, fresh, tally, only=pressed)
        sofar = f"{county}, with {username}: {len(addresses)} addresses, {len(kinds)} kinds of pages and states"
        print(f"{sofar}, {tally.presses} presses, {len(tally.wrong)} of them wrong", flush=True)
    assert (faults, tally.wrong) == ({}, {})


def accounts(county: str) -> list[str]:
    """Everybody of a county; who belongs to both is pressed with the first."""
    from miaoli_kaohsiung.accounts.models import Post

    held = Post.objects.filter(county__in=[county] + [""] * (county == "kaohsiung"))
    return list(
        held.filter(user__is_active=True).order_by("user__username").values_list("user__username", flat=True).distinct()
    )

"""Every page that tests/routes knows, on a wide window and on a phone: accessible, and no scrolling sideways."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from miaoli_kaohsiung.accounts.enums import Role
from tests.chromium import PHONE, PHONE_WINDOW, WIDE, as_a_phone
from tests.factories.accounts import person
from tests.norm import broken_rules
from tests.scenes import SCENES, Scene, is_page

pytestmark = pytest.mark.browser
# A folder for pictures of all pages, for people who look through them.
SHOTS = os.environ.get("SCREENSHOTS")

ENTRANCE = (
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
    "account_inactive",
)
ACCOUNT = ("account_logout", "account_change_password", "mfa_index", "usersessions_list")


def look(wide: Page, open_page, axe, client: Client, url: str, picture: str) -> None:
    """What holds of every page. The wide window becomes a phone's with what stands in it; only a page that asks for files is
    loaded by a phone, because no other script asks what the window is when it begins.
    """
    goes(wide, client, url)
    holds(wide, axe, url, picture, WIDE["width"])
    assert broken_rules(wide.content(), url) == [], url
    if wide.locator("input[type=file]").count():
        phone = open_page(**PHONE_WINDOW)
        goes(phone, client, url)
        holds(phone, axe, url, picture, PHONE["width"])
    else:
        with as_a_phone(wide):
            holds(wide, axe, url, picture, PHONE["width"])


def goes(window: Page, client: Client, url: str) -> None:
    if cookie := client.cookies.get(settings.SESSION_COOKIE_NAME):
        window.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "domain": "localhost", "path": "/"}]
        )
    window.goto(url)


def holds(window: Page, axe, url: str, picture: str, width: int) -> None:
    if SHOTS:
        window.screenshot(path=Path(SHOTS, f"{picture.replace(':', '-')}-{width}.png"), full_page=True)
    assert window.locator("h1").count() == 1, url
    assert window.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width], url
    axe(window)


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_page_is_accessible_and_fits(scene: Scene, page, open_page, axe):
    client, url = scene.enter()
    if is_page(client.get(url)):  # else a redirect, a file
        look(page, open_page, axe, client, url, str(scene))


def test_one_script_alone_asks_what_the_window_is():
    """`look` has a phone load what that one works on. No style asks for a finger either."""
    asking = re.compile(
        r"matchMedia|innerWidth|clientWidth|outerWidth|screen\.width|ontouch|maxTouch|\((?:any-)?(?:pointer|hover)\b"
    )
    sources = [*Path(settings.BASE_DIR, "static").rglob("*.js"), *Path(settings.BASE_DIR, "static").rglob("*.css")]
    assert [source.name for source in sources if asking.search(source.read_text())] == ["upload.js"]


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_signing_in(page, open_page, axe):
    stranger, officer = Client(), Client()
    officer.force_login(person(Role.CASE_OFFICER))
    for client, names in ((stranger, ENTRANCE), (officer, ACCOUNT)):
        for name in names:
            look(page, open_page, axe, client, reverse(name), name)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_refusal(page, open_page, axe):
    client = Client()
    client.force_login(person(Role.CASE_OFFICER))
    for name, url in (("404", "/applications/88-099-9999/"), ("403", "/applications/new/")):
        look(page, open_page, axe, client, url, name)

"""Every page that tests/routes knows, on a wide window and on a phone: accessible, and no scrolling sideways."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from miaoli_kaohsiung.accounts.enums import Role
from tests.chromium import PHONE
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


def look(window: Page, axe, client: Client, url: str, picture: str) -> None:
    """What holds of every page."""
    if cookie := client.cookies.get(settings.SESSION_COOKIE_NAME):
        window.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "domain": "localhost", "path": "/"}]
        )
    window.goto(url)
    width = window.viewport_size["width"]
    if SHOTS:
        window.screenshot(path=Path(SHOTS, f"{picture.replace(':', '-')}-{width}.png"), full_page=True)
    assert window.locator("h1").count() == 1, url
    assert window.evaluate("document.documentElement.scrollWidth") <= width, url
    axe(window)
    if width > PHONE["width"]:
        assert broken_rules(window.content(), url) == [], url


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_page_is_accessible_and_fits(scene: Scene, page, phone, axe):
    client, url = scene.enter()
    if is_page(client.get(url)):  # else a form's address, a redirect, a file
        for window in (page, phone):
            look(window, axe, client, url, str(scene))


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_signing_in(page, phone, axe):
    stranger, officer = Client(), Client()
    officer.force_login(person(Role.CASE_OFFICER))
    for client, names in ((stranger, ENTRANCE), (officer, ACCOUNT)):
        for name in names:
            for window in (page, phone):
                look(window, axe, client, reverse(name), name)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_refusal(page, phone, axe):
    client = Client()
    client.force_login(person(Role.CASE_OFFICER))
    for name, url in (("404", "/applications/88-099-9999/"), ("403", "/applications/new/")):
        for window in (page, phone):
            look(window, axe, client, url, name)

"""Every page that tests/routes knows, on a wide window and on a phone: accessible, and no scrolling sideways."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.permissions import PUBLIC, SIGNED_IN
from tests.routes import World
from tests.test_routes import ADDRESSES, KNOWN, ROUTES

pytestmark = pytest.mark.browser
# A folder for pictures of all pages, for people who look through them.
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.mark.parametrize("name", KNOWN)
def test_a_page_is_accessible_and_fits(name, page, phone, axe, live_server):
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    world = World()
    url = reverse(name, kwargs=dict(route.kwargs(world)))
    let_in = [role for role in world.people if audience in (PUBLIC, SIGNED_IN) or role in audience]
    role = next((role for role in let_in if role not in route.refused), None)
    if role is None:
        pytest.skip("refused to everybody in the state that its builder makes")
    client = Client()
    client.force_login(world.people[role])
    answer = client.get(url)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return  # a form's address, a redirect, a file: no page
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    for window in (page, phone):
        window.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        window.goto(url)
        assert window.locator("h1").count() == 1
        axe(window)
        if SHOTS:
            size = window.viewport_size["width"]
            window.screenshot(path=Path(SHOTS, f"{name.replace(':', '-')}-{size}.png"), full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

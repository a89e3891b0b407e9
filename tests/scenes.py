"""Who stands before which page, for the tests that look at all pages: drawn from tests/routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import PUBLIC, SIGNED_IN
from tests.routes import World
from tests.test_routes import ADDRESSES, KNOWN, ROUTES, is_for_forms_only


@dataclass(frozen=True)
class Scene:
    """An address as somebody of a post meets it; `role` None is somebody who has not signed in."""

    name: str
    role: Role | None
    build: Callable[[World], Mapping[str, Any]]

    def __str__(self) -> str:
        return f"{self.name}-{self.role or 'public'}"

    def enter(self) -> tuple[Client, str]:
        """Build the world of the scene; answers the browser of its person and the address."""
        world, client = World(), Client()
        url = reverse(self.name, kwargs=dict(self.build(world)))
        if self.role:
            client.force_login(world[self.role])
        return client, url


def scenes_of(name: str) -> list[Scene]:
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    if route.shows:
        return [Scene(name, role, build) for role, build in route.shows]
    if audience == PUBLIC:
        return [Scene(name, None, route.kwargs)]
    let_in = [role for role in Role if (audience == SIGNED_IN or role in audience) and role not in route.refused]
    return [Scene(name, role, route.kwargs) for role in let_in[:1]]


# An address that takes nothing but a form shows no page; tests/test_routes.py sees where a GET of it leads.
SHOWING = [name for name in KNOWN if not is_for_forms_only(ADDRESSES[name].view)]
SCENES = [scene for name in SHOWING for scene in scenes_of(name)]


def is_page(answer: Any) -> bool:
    """Whether it is a whole page: no file, and no part that a script puts into one."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return False
    return b"<html" in answer.content

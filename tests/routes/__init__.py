"""How tests/test_routes.py reaches every route of the portal: one module a stage, each with a dict ROUTES.

    ROUTES = {
        "communities:organisation": Route(lambda world: {"pk": world.organisation.pk}),
        "communities:tier-decide": Route(tier_kwargs, post_refused={Role.FINANCE_OFFICER: 403}),
    }

The key is the name with its namespace. The builder makes what the address needs and answers its keyword arguments; it is
not needed for an address without any. Who is let in follows from the audience of the view; where somebody of the
audience is refused this very object, `refused` says with which status (404 outside the own tenant, 403 without the
right), `post_refused` for POST alone. A module is found by being here.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from communities.models import Organisation
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, township, yuanli

JIAXIAN = "64000330"


class World:
    """One person of each post, all of Kaohsiung County; the member is chairperson of `organisation` in 旗山鎮.

    The administrator is one of both counties, the one among the strangers of Miaoli.
    """

    def __init__(self) -> None:
        self.organisation: Organisation = OrganisationFactory()
        self.people: dict[str, User] = {role: self._person(role, KAOHSIUNG, QISHAN) for role in Role}
        # Who must never reach an object of `organisation`: the other county, the next township, another association.
        township(JIAXIAN, "甲仙鄉", postal_code="847")
        yuanli()
        self.strangers: dict[str, User] = {role: self._person(role, MIAOLI, JIAXIAN) for role in Role}

    def _person(self, role: Role, county: str, code: str) -> User:
        if role == Role.MEMBER:
            return chair_of(self.organisation if code == QISHAN else OrganisationFactory())
        if role == Role.TOWNSHIP_OFFICER:
            return person(role, KAOHSIUNG, township_code=code, place_name="公所")
        return person(role, "" if role == Role.ADMINISTRATOR and code == QISHAN else county)

    def __getitem__(self, role: Role) -> User:
        return self.people[role]


def nothing(world: World) -> dict[str, Any]:
    """The builder of an address without arguments."""
    return {}


@dataclass(frozen=True)
class Route:
    """What the tests must know of a route beyond its audience.

    `shared`: the object belongs to no county. `leads_on`: GET only redirects to another address, which guards itself.
    `signed`: a machine posts here, whose signature stands in the place of the CSRF token.
    `shows`: (post, builder) of the states in which the page is worth looking at, where the one of `kwargs` is not.
    """

    kwargs: Callable[[World], Mapping[str, Any]] = nothing
    refused: Mapping[str, int] = field(default_factory=dict)
    post_refused: Mapping[str, int] = field(default_factory=dict)
    shared: bool = False
    leads_on: bool = False
    signed: bool = False
    shows: tuple[tuple[Role, Callable[[World], Mapping[str, Any]]], ...] = ()


def all_routes() -> dict[str, Route]:
    found: dict[str, Route] = {}
    for module in pkgutil.iter_modules(__path__):
        routes = importlib.import_module(f"{__name__}.{module.name}").ROUTES
        assert not found.keys() & routes.keys(), f"routes of {module.name} are named twice"
        found |= routes
    return found

from miaoli_kaohsiung.accounts.enums import Role

from . import Route, World
from .reviews import proposed


def listed(world: World) -> dict:
    proposed(world)
    return {"slug": "kaohsiung-88"}


def reviewer(world: World) -> dict:
    return {"county": "kaohsiung", "pk": world[Role.REVIEWER].pk}


def of_county(world: World) -> dict:
    return {"county": "kaohsiung"}


# Who reads the roster and sets nothing in it.
READERS = {Role.APPROVER: 403, Role.AUDITOR: 403}
ROUTES = {
    "grants:ranking": Route(listed),
    "grants:panels": Route(),
    "grants:panel": Route(of_county),
    "grants:reviewer_remit": Route(reviewer, post_refused=READERS),
    "grants:sittings": Route(),
    "grants:sitting": Route(listed),
    "grants:reviewer_details": Route(),
}

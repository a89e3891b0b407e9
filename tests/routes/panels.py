from . import Route, World
from .reviews import proposed


def listed(world: World) -> dict:
    proposed(world)
    return {"slug": "kaohsiung-88"}


ROUTES = {
    "grants:sittings": Route(),
    "grants:sitting": Route(listed),
    "grants:reviewer_details": Route(),
}

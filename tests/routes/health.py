from . import Route, World


def one(world: World) -> dict:
    return {"pk": world.organisation.pk}


ROUTES = {
    "grants:health": Route(one),
    "grants:health_confirm": Route(one),
    "grants:health_list": Route(),
}

from . import Route, World


def guide(world: World) -> dict:
    return {"name": "member"}


ROUTES = {"help": Route(), "help-guide": Route(guide)}

from . import Route, World


def guide(world: World) -> dict:
    return {"name": "member"}


ROUTES = {"help-glossary": Route(), "help": Route(), "help-guide": Route(guide)}

from grants.models import Scheme
from grants.services import schemes
from miaoli_kaohsiung.accounts.enums import Role

from . import Route, World


def scheme(world: World) -> dict:
    schemes.sync()
    return {"slug": Scheme.objects.get(slug="kaohsiung-88").slug}


def export(world: World) -> dict:
    return scheme(world) | {"extension": "toml"}


ROUTES = {
    "grants:check": Route(),
    "grants:home": Route(),
    "grants:schemes": Route(),
    "grants:scheme": Route(scheme),
    # The schemes are public, so the other county is told why it may not, instead of finding nothing.
    "grants:envelope": Route(scheme, shared=True),
    "grants:law": Route(scheme),
    "grants:law_export": Route(export),
    # Outside the demonstration the date stays where it is.
    "demo_date": Route(post_refused={**dict.fromkeys(Role, 404), "nobody": 404}),
}

from tests.factories.accounts import KAOHSIUNG
from tests.grants.law_filing import file_law
from tests.grants.rules.filing_laws import SLUG

from . import Route, World


def filed(world: World) -> dict:
    return {"pk": file_law(KAOHSIUNG).pk}


def filed_again(world: World) -> dict:
    filed(world)
    return {"slug": SLUG}


ROUTES = {
    "grants:filed_laws": Route(),
    "grants:law_kinds": Route(),
    "grants:law_example": Route(),
    "grants:law_new": Route(),
    "grants:law_again": Route(filed_again),
    "grants:law_files": Route(filed),
}

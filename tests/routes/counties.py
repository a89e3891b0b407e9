from communities.services.counties import particulars
from miaoli_kaohsiung.accounts.enums import Role
from tests.communities.letterheads import signed_change
from tests.factories.accounts import KAOHSIUNG, person

from . import Route, World


def county(world: World) -> dict:
    return {"slug": KAOHSIUNG}


def a_signature(world: World) -> dict:
    return {"slug": KAOHSIUNG, "file": signed_change(person(Role.CASE_OFFICER)).data["signature"]}


def waiting(world: World) -> dict:
    """A county of which a change waits."""
    signed_change(person(Role.CASE_OFFICER))
    assert particulars.KIND.preview
    return county(world)


ROUTES = {
    "communities:counties": Route(),
    "communities:county": Route(county, shows=((Role.CASE_OFFICER, county), (Role.APPROVER, waiting))),
    "communities:county-edit": Route(county),
    "communities:county-new": Route(shared=True),
    "communities:county-townships": Route(county),
    "communities:county-townships-file": Route(county),
    "communities:county-signature": Route(a_signature),
    "communities:county-colours": Route(),
    "grants:letterhead": Route(county),
}

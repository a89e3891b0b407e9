from communities.enums import HelpWay, PartnerKind
from communities.services import partners
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock

from . import Route, World


def an_own_one(world: World) -> dict:
    """Of the association, with help."""
    made = partners.add(
        world[Role.MEMBER],
        world.organisation.county,
        world.organisation,
        kind=PartnerKind.TEMPLE,
        name="示範宮",
        offers="借廟埕",
    )
    partners.note_help(world[Role.MEMBER], made, HelpWay.GIVEN, clock.today(), "借廟埕半天")
    return {"pk": made.pk}


def a_body(world: World) -> dict:
    an_own_one(world)
    return {"pk": world.organisation.pk}


READERS = (Role.TOWNSHIP_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)

ROUTES = {
    "communities:partners": Route(),
    "communities:contact-new": Route(),
    "communities:partner": Route(an_own_one),
    "communities:partner-edit": Route(an_own_one),
    "communities:association-partners": Route(a_body),
    "communities:partner-new": Route(a_body),
}

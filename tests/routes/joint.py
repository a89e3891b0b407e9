from types import SimpleNamespace

from communities.enums import Tier
from grants.services.joint import divide, join
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.alliances import running
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.joint import approved_draft, by_body
from tests.grants.settling import opened
from tests.grants.vouchers import entered

from . import Route, World


def around(world: World) -> SimpleNamespace:
    lead, other = world.organisation, OrganisationFactory()
    lead.current_tier, lead.current_tier_year = Tier.EXCELLENT, 2009
    lead.save()
    return SimpleNamespace(lead=lead, chair=world[Role.MEMBER], others=[other], chairs=[chair_of(other)])


def a_draft(world: World) -> dict:
    """A flagship case that the member's association may still change, with an alliance to choose."""
    found = around(world)
    case = approved_draft(found, 80_000, 40_000).application
    join(found.chair, case, running(found))
    divide(found.chair, case, by_body(found, 80_000, 40_000))
    return {"number": case.number}


def with_an_account(world: World) -> dict:
    number = a_draft(world)["number"]
    case = world.organisation.applications.get(number=number)
    case.status = "approved"
    case.save()
    settlement = opened(case.award, world[Role.MEMBER])
    entered(settlement, world[Role.MEMBER], 1_200)
    return {"number": number}


def own_part(world: World) -> dict:
    return with_an_account(world) | {"body": world.organisation.pk}


ROUTES = {
    "grants:joint_case": Route(with_an_account, shows=((Role.MEMBER, a_draft), (Role.MEMBER, with_an_account))),
    "grants:joint_join": Route(a_draft),
    "grants:joint_divide": Route(a_draft),
    "grants:joint_allot": Route(with_an_account),
    "grants:joint_share": Route(own_part),
}

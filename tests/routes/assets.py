from grants.models import PropertyItem
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money
from tests.grants import settling

from . import Route, World


def bought(world: World) -> dict:
    """Equipment of an accepted account."""
    staff = money.county()
    award = money.approved(staff=staff, organisation=world.organisation)
    award.lines.update(item="equipment")
    settling.paid_first(award, staff)
    settling.accepted(award, staff, (40_000, 10_000))
    return {"pk": world.organisation.pk}


def a_thing(world: World) -> dict:
    return bought(world) | {"item": PropertyItem.objects.filter(organisation=world.organisation).latest("pk").pk}


ROUTES = {
    "grants:property_list": Route(),
    "grants:property": Route(bought, shows=((Role.MEMBER, bought),)),
    "grants:property_pdf": Route(bought),
    "grants:property_keep": Route(a_thing),
    "grants:property_write_off": Route(a_thing),
}

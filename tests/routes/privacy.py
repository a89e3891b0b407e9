import datetime as dt

from communities.enums import Office
from communities.models import OfficeTerm
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.privacy import services
from miaoli_kaohsiung.privacy.models import DisposalList

from . import Route, World


def a_list(world: World) -> dict:
    """A list with the telephone of somebody who left office ten years ago."""
    OfficeTerm.objects.create(
        organisation=world.organisation,
        office=Office.STAFF,
        person_name="前承辦",
        phone="07-661-0000",
        valid_from=dt.date(1998, 1, 1),
        valid_to=dt.date(2000, 1, 1),
    )
    services.draw_up(clock.today())
    return {"pk": DisposalList.objects.get(county=world.organisation.county).pk}


def seen_lists(world: World) -> dict:
    a_list(world)
    return {}


ROUTES = {
    "privacy:notice": Route(),
    "privacy:fields": Route(),
    "privacy:mine": Route(),
    "privacy:copy": Route(),
    "privacy:disposals": Route(shows=((Role.CASE_OFFICER, seen_lists),)),
    "privacy:disposal": Route(a_list, post_refused={Role.AUDITOR: 403}),
    "privacy:disposal-propose": Route(a_list),
}

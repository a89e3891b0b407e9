import datetime as dt

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money

from . import Route, World
from .applications import a_filed_case
from .reviews import received, staff

OFFICER_ALONE = {role: 404 for role in Role if role != Role.CASE_OFFICER}


def a_queue(world: World) -> dict:
    a_filed_case(world)
    return {"kind": "receive"}


def a_missed_receipt(world: World) -> dict:
    yesterday = clock.today() - dt.timedelta(days=1)
    award = money.approved(staff=staff(world), organisation=world.organisation, receipt_due=yesterday)
    return {"pk": award.deadlines.get().pk}


ROUTES = {
    # Each post has queues of its own; a stranger's officer finds the own county's.
    "grants:desk_queue": Route(a_queue, refused=OFFICER_ALONE, shared=True),
    "grants:urge": Route(a_missed_receipt),
    "grants:case_officer": Route(received),
}

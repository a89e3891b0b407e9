import datetime as dt

from grants.services import sanctions
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person

from . import Route, World
from .payments import an_award, award


def recorded(world: World) -> dict:
    draft = SanctionDraft("not_executed", dt.date(2010, 6, 1), dt.date(2010, 5, 20), "活動沒有辦理")
    return {"pk": sanctions.record(person(Role.CASE_OFFICER), an_award(world), draft).pk}


def decided(world: World) -> dict:
    return recorded(world) | {"name": "confirm"}


ROUTES = {
    "grants:sanctions": Route(),
    "grants:sanction_new": Route(award),
    "grants:sanction": Route(recorded, shows=((Role.APPROVER, recorded),)),
    "grants:sanction_decide": Route(decided),
}

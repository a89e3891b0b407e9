import datetime as dt

from grants.models import Sanction
from grants.services import sanctions
from grants.services.awards import reinstating
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


def confirmed(world: World) -> dict:
    row = Sanction.objects.get(pk=recorded(world)["pk"])
    return {"pk": sanctions.confirm(person(Role.APPROVER), row).pk}


def to_lift(world: World) -> dict:
    kwargs = confirmed(world)
    row = Sanction.objects.get(pk=kwargs["pk"])
    made = reinstating.ask(
        person(Role.CASE_OFFICER), row, ruling_number="台內訴字第1號", ruled_on=dt.date(2010, 6, 1), reason="事實有誤"
    )
    return kwargs | {"lifting_id": made.pk, "name": "confirm"}


ROUTES = {
    "grants:sanctions": Route(),
    "grants:sanction_new": Route(award),
    "grants:sanction": Route(recorded, shows=((Role.APPROVER, recorded),)),
    "grants:sanction_decide": Route(decided),
    "grants:sanction_lift": Route(confirmed),
    "grants:lifting_decide": Route(to_lift),
}

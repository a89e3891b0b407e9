import datetime as dt

from django.core.files.base import ContentFile

from grants.models import Duty
from grants.services.duties import records
from grants.services.duties.records import Record
from grants.services.guidance import visits
from miaoli_kaohsiung.accounts.enums import Role
from tests.files import samples

from . import Route, World


def a_visit(world: World) -> Duty:
    return Duty.objects.create(
        key="guidance",
        clause="M4.3b",
        county=world.organisation.county,
        organisation=world.organisation,
        period="2010-06",
        due_on=dt.date(2010, 6, 30),
        opened_on=dt.date(2010, 1, 4),
    )


def one(world: World) -> dict:
    return {"pk": a_visit(world).pk}


def held(world: World) -> Duty:
    return records.record(world[Role.CASE_OFFICER], a_visit(world), Record(dt.date(2010, 6, 1), {}, "看過帳冊"))


def a_held_visit(world: World) -> dict:
    return {"pk": held(world).pk}


def a_photo(world: World) -> dict:
    made = visits.add_photo(
        world[Role.CASE_OFFICER], held(world), ContentFile(samples.picture(), "照片.jpg"), "活動中心"
    )
    return {"pk": made.pk}


ROUTES = {
    "grants:guidance": Route(),
    "grants:guidance_plan": Route(one),
    "grants:guidance_photos": Route(a_held_visit),
    "grants:guidance_photo": Route(a_photo),
    "grants:guidance_photo_remove": Route(a_photo),
}

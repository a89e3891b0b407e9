import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Duty
from grants.services import duties
from grants.services.duties import Record
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import services as files
from tests.files.samples import pdf

from . import Route, World
from .payments import an_award

NOT_MEMBERS = dict.fromkeys((Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR), 403)


def a_duty(world: World) -> Duty:
    an_award(world)
    with trail.unit_of_work(Actor.system("test")):
        duties.plan(dt.date(2010, 6, 1))
    return Duty.objects.get(key="activity_log", period="2010-05")


def one(world: World) -> dict:
    return {"pk": a_duty(world).pk}


def with_a_file(world: World) -> dict:
    upload = files.check(SimpleUploadedFile("紀錄.pdf", pdf(), content_type="application/pdf"))
    told = Record(dt.date(2010, 5, 31), {"people": 20}, "共餐四次", upload)
    return {"pk": duties.record(world[Role.MEMBER], a_duty(world), told).pk}


def case(world: World) -> dict:
    return {"number": an_award(world).number}


ROUTES = {
    "grants:duties": Route(),
    "grants:duty": Route(one, post_refused=NOT_MEMBERS),
    "grants:duty_file": Route(with_a_file),
    "grants:duty_invite": Route(case),
}

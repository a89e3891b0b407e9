import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.enums import EntryStage
from grants.models import Duty, DutyEntry
from grants.services.duties import occasions, records
from grants.services.duties.records import Record
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import check
from tests.files.samples import pdf

from . import Route, World
from .payments import an_award

READERS = (Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)
NOT_MEMBERS = dict.fromkeys((*READERS, Role.CASE_OFFICER, Role.TOWNSHIP_OFFICER), 403)


def a_duty(world: World) -> Duty:
    an_award(world)
    with trail.unit_of_work(Actor.system("test")):
        records.plan(dt.date(2010, 6, 1))
    return Duty.objects.get(key="activity_log", period="2010-05")


def one(world: World) -> dict:
    return {"pk": a_duty(world).pk}


def with_a_file(world: World) -> dict:
    upload = check(SimpleUploadedFile("紀錄.pdf", pdf(), content_type="application/pdf"))
    record = Record(dt.date(2010, 5, 31), {"people": 20}, "共餐四次", upload)
    return {"pk": records.record(world[Role.MEMBER], a_duty(world), record).pk}


def case(world: World) -> dict:
    return {"number": an_award(world).number}


def a_meeting(world: World) -> Duty:
    """An association's own meeting, as Miaoli's plan asks for it, with the county of the world."""
    return Duty.objects.create(
        key="assembly",
        clause="M5.5a",
        county=world.organisation.county,
        organisation=world.organisation,
        period="2010",
        due_on=dt.date(2010, 6, 30),
        opened_on=dt.date(2010, 1, 4),
    )


def a_recorded_meeting(world: World) -> dict:
    return {"pk": records.record(world[Role.MEMBER], a_meeting(world), Record(dt.date(2010, 5, 20))).pk}


def a_course(world: World) -> Duty:
    return Duty.objects.create(
        key="training_event",
        clause="M5.6",
        county=world.organisation.county,
        period="2010",
        due_on=dt.date(2010, 5, 20),
        opened_on=dt.date(2010, 1, 4),
    )


def an_entry(world: World) -> dict:
    line = occasions.Line(world.organisation, EntryStage.ATTENDED, dt.date(2010, 5, 20), 3)
    return {"pk": occasions.enter(world[Role.CASE_OFFICER], a_course(world), line).pk}


def a_nomination(world: World) -> DutyEntry:
    campaign = Duty.objects.create(
        key="selection_campaign",
        clause="M5.2",
        county=world.organisation.county,
        title="金卓越選拔",
        # Each world has a campaign of its own year.
        period=str(2010 - Duty.objects.filter(key="selection_campaign").count()),
        due_on=dt.date(2010, 9, 30),
        opened_on=dt.date(2010, 1, 4),
    )
    line = occasions.Line(world.organisation, EntryStage.ENTERED, dt.date(2010, 5, 20))
    return occasions.enter(world[Role.CASE_OFFICER], campaign, line)


def nominated(world: World) -> dict:
    entry = a_nomination(world)
    return {"pk": entry.duty_id, "organisation": entry.organisation_id}


def a_paper(world: World) -> dict:
    upload = check(SimpleUploadedFile("計畫書.pdf", pdf(), content_type="application/pdf"))
    return {"pk": occasions.add_paper(world[Role.CASE_OFFICER], a_nomination(world), upload, "計畫書").pk}


ROUTES = {
    "grants:selection": Route(nominated, post_refused=dict.fromkeys((*READERS, Role.MEMBER), 403)),
    "grants:selection_paper": Route(a_paper),
    "grants:duties": Route(),
    "grants:duty": Route(one, post_refused=NOT_MEMBERS),
    "grants:duty_file": Route(with_a_file),
    "grants:duty_invite": Route(case),
    "grants:duty_communities": Route(),
    "grants:duty_check": Route(a_recorded_meeting),
    "grants:duty_reopen": Route(a_recorded_meeting),
    "grants:occasions": Route(),
    "grants:occasion_new": Route(),
    "grants:occasion_edit": Route(lambda world: {"pk": a_course(world).pk}),
    "grants:occasion_entries": Route(lambda world: {"pk": a_course(world).pk}),
    "grants:occasion_entry_remove": Route(an_entry),
}

import datetime as dt

from grants.models import Conflict, PresentationSession
from grants.services.panels import sessions
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock

from . import Route, World
from .applications import a_filed_case
from .reviews import proposed


def listed(world: World) -> dict:
    proposed(world)
    return {"slug": "kaohsiung-88"}


def reviewer(world: World) -> dict:
    return {"county": "kaohsiung", "pk": world[Role.REVIEWER].pk}


def of_county(world: World) -> dict:
    return {"county": "kaohsiung"}


def planned(world: World) -> dict:
    officer = world[Role.CASE_OFFICER]
    case = checks.receive(officer, a_filed_case(world))
    plan = sessions.Plan("審查會", clock.today(), dt.time(14), "會議室", 20, [world[Role.REVIEWER]], [case])
    return {"pk": sessions.plan(officer, case.scheme, plan).pk}


def invited(world: World) -> dict:
    found = planned(world)
    sessions.invite(world[Role.CASE_OFFICER], PresentationSession.objects.get(**found))
    return found


def recorded(world: World) -> dict:
    found = invited(world)
    session = PresentationSession.objects.get(**found)
    (member,), (item,) = session.members.all(), session.items.all()
    heard = {item.pk: sessions.Heard(True, "理事長", "請補充課程表。")}
    sessions.record(world[Role.CASE_OFFICER], session, sessions.Minutes("科長", "照案通過。", [member.pk], heard))
    return found


def named(world: World) -> dict:
    """An interest that only a name shows."""
    case = checks.receive(world[Role.CASE_OFFICER], a_filed_case(world))
    row = Conflict.objects.create(
        application=case, person=world[Role.REVIEWER], ground="paid", by_name=True, found_on=clock.today()
    )
    return {"pk": row.pk}


# Who reads the roster and sets nothing in it.
READERS = {Role.APPROVER: 403, Role.AUDITOR: 403}
ROUTES = {
    "grants:ranking": Route(listed),
    "grants:conflict": Route(named, post_refused=READERS),
    "grants:session_new": Route(listed),
    "grants:session": Route(planned, post_refused=READERS, shows=((Role.CASE_OFFICER, invited),)),
    "grants:session_invite": Route(planned),
    "grants:session_minutes": Route(recorded),
    "grants:session_cancel": Route(planned),
    "grants:panels": Route(),
    "grants:panel": Route(of_county),
    "grants:reviewer_remit": Route(reviewer, post_refused=READERS),
    "grants:sittings": Route(),
    "grants:sitting": Route(listed),
    "grants:reviewer_details": Route(),
}

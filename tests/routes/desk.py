import datetime as dt

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.services.desk import handover
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory

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


def a_handover(world: World) -> dict:
    """A list of two cases that the world's officer has taken over."""
    people, colleague = staff(world), person(Role.CASE_OFFICER)
    cases = [
        ApplicationFactory(status=S.UNDER_REVIEW, officer=colleague, first_filed_on=clock.today()) for _ in range(2)
    ]
    ((made, _rows),) = handover.hand_over(people.head, cases, people.officer, "調職")
    return {"pk": made.pk}


def seen_handover(world: World) -> dict:
    """The page with cases to hand over, and with a list."""
    a_handover(world)
    person(Role.CASE_OFFICER)
    return {}


def an_association(world: World) -> dict:
    return {"pk": world.organisation.pk}


def a_new_chair(world: World) -> dict:
    """Somebody else was chairperson of the association until lately."""
    since = clock.today() - dt.timedelta(days=5)
    former = {"office": Office.CHAIRPERSON, "person_name": "前理事長", "valid_from": since - dt.timedelta(days=700)}
    OfficeTerm.objects.create(organisation=world.organisation, valid_to=since - dt.timedelta(days=1), **former)
    OfficeTerm.objects.filter(user=world[Role.MEMBER]).update(valid_from=since)
    a_missed_receipt(world)
    return {"pk": world.organisation.pk}


def a_post_with_work(world: World) -> dict:
    received(world)
    return {"pk": world[Role.CASE_OFFICER].posts.get().pk}


def nobodys(world: World) -> dict:
    """A township without an officer, and a case that waits for it."""
    ApplicationFactory(status=S.TOWNSHIP_REVIEW, first_filed_on=clock.today(), township_code="64000320")
    return {}


ROUTES = {
    "grants:association_handover": Route(an_association, shows=((Role.MEMBER, a_new_chair),)),
    "grants:association_handover_paper": Route(an_association),
    "grants:handover": Route(shows=((Role.CASE_OFFICER, seen_handover),)),
    "grants:handover_record": Route(a_handover, refused={Role.MEMBER: 404}),
    "grants:handover_paper": Route(a_handover, refused={Role.MEMBER: 404}),
    "grants:handover_receive": Route(
        a_handover, refused={Role.MEMBER: 404}, post_refused={Role.APPROVER: 403, Role.AUDITOR: 403}
    ),
    "grants:post_work": Route(a_post_with_work, shared=True),
    "grants:unheld": Route(shows=((Role.APPROVER, nobodys),)),
    # Each post has queues of its own; a stranger's officer finds the own county's.
    "grants:desk_queue": Route(a_queue, refused=OFFICER_ALONE, shared=True),
    "grants:urge": Route(a_missed_receipt),
    "grants:case_officer": Route(received),
}

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from communities.services.training import courses, enrolments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from tests.factories.training import announced, drafted
from tests.files import samples

from . import Route, World


def a_draft(world: World) -> dict:
    return {"pk": drafted(world[Role.CASE_OFFICER]).pk}


def a_course(world: World) -> dict:
    """Of today, with somebody who is enrolled and somebody in line."""
    made = announced(world[Role.CASE_OFFICER], places=1)
    enrolments.enrol(world[Role.MEMBER], made, world.organisation, ["林示範", "陳示範"])
    return {"pk": made.pk}


def a_door(world: World) -> dict:
    return {"code": announced(world[Role.CASE_OFFICER]).door_code}


def a_material(world: World) -> dict:
    made = announced(world[Role.CASE_OFFICER])
    upload = check(SimpleUploadedFile("講義.pdf", samples.pdf()))
    return {"pk": made.pk, "material": courses.add_material(world[Role.CASE_OFFICER], made, "講義", upload).pk}


def a_body(world: World) -> dict:
    held_enrolment(world)
    return {"pk": world.organisation.pk}


def body_and_course(world: World) -> dict:
    return {"pk": world.organisation.pk, "course": a_course(world)["pk"]}


def held_enrolment(world: World) -> dict:
    officer = world[Role.CASE_OFFICER]
    made = announced(officer)
    (row,) = enrolments.enrol(world[Role.MEMBER], made, world.organisation, ["王示範"])
    enrolments.note(officer, made, [row.pk], present=True)
    courses.hold(officer, made)
    return {"pk": world.organisation.pk, "enrolment": row.pk}


def open_enrolment(world: World) -> dict:
    made = announced(world[Role.CASE_OFFICER], day=clock.today() + dt.timedelta(days=3))
    (row,) = enrolments.enrol(world[Role.MEMBER], made, world.organisation, ["王示範"])
    return {"pk": world.organisation.pk, "enrolment": row.pk}


ROUTES = {
    "communities:courses": Route(),
    "communities:course": Route(a_course),
    "communities:course-enrol": Route(a_course, shared=True, leads_on=True),
    "communities:course-feedback": Route(a_course),
    "communities:course-door": Route(a_door),
    "communities:training-list": Route(),
    "communities:training-new": Route(),
    "communities:training-hours": Route(),
    # Every township and association of the county may look; test_training.py proves that another county's may not.
    "communities:training": Route(
        a_course, shared=True, shows=((Role.CASE_OFFICER, a_course), (Role.CASE_OFFICER, a_draft))
    ),
    "communities:training-edit": Route(a_draft),
    "communities:training-move": Route(a_draft),
    "communities:training-cancel": Route(a_draft),
    "communities:training-door": Route(a_course),
    "communities:training-sheet": Route(a_course),
    "communities:training-material-add": Route(a_draft),
    "communities:training-material": Route(a_material, shared=True),
    "communities:training-material-remove": Route(a_material),
    "communities:association-training": Route(a_body),
    "communities:association-course": Route(body_and_course),
    "communities:enrolment-withdraw": Route(open_enrolment),
    "communities:enrolment-certificate": Route(held_enrolment),
}

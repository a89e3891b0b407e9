from django.core.files.uploadedfile import SimpleUploadedFile

from miaoli_kaohsiung.accounts.enums import Role
from tests.changes.example import propose_greeting
from tests.factories.accounts import person
from tests.files.samples import pdf

from . import Route, World

# Who neither proposes nor confirms the kind finds no such change.
ELSEWHERE = {role: 404 for role in Role if role not in (Role.CASE_OFFICER, Role.APPROVER)}


def a_change(world: World) -> dict:
    scan = SimpleUploadedFile("簽.pdf", pdf(), content_type="application/pdf")
    return {"pk": propose_greeting(person(Role.CASE_OFFICER), "早安", scan=scan).pk}


def an_own_change(world: World) -> dict:
    return {"pk": propose_greeting(world[Role.CASE_OFFICER], "早安").pk}


def seen_change(world: World) -> dict:
    """The list with one that can be decided."""
    a_change(world)
    return {}


ROUTES = {
    "changes:list": Route(shows=((Role.APPROVER, seen_change),)),
    "changes:show": Route(a_change, refused=ELSEWHERE),
    "changes:check": Route(a_change, refused=ELSEWHERE),
    "changes:confirm": Route(a_change, refused=ELSEWHERE),
    "changes:refuse": Route(a_change, refused=ELSEWHERE),
    "changes:withdraw": Route(an_own_change, refused=ELSEWHERE, post_refused={Role.APPROVER: 403}),
    "changes:scan": Route(a_change, refused=ELSEWHERE),
}

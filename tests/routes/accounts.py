import datetime as dt

from miaoli_kaohsiung.accounts import deputies
from miaoli_kaohsiung.accounts.changes import propose_second_factor
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation, Post
from miaoli_kaohsiung.accounts.services import invite
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import QISHAN

from . import Route, World


def somebody(world: World) -> dict:
    return {"pk": UserFactory().pk}


def a_post(world: World) -> dict:
    return {"pk": Post.objects.get(user=person(Role.FINANCE_OFFICER)).pk}


def an_invitation(world: World) -> dict:
    by = Actor(world[Role.CASE_OFFICER])
    fields = {"role": Role.TOWNSHIP_OFFICER, "county": "kaohsiung", "township_code": QISHAN}
    return {"pk": invite(by, email="new@example.org", display_name="新人", **fields).pk}


def seen_invitation(world: World) -> dict:
    """The list with one that can be withdrawn."""
    an_invitation(world)
    return {}


def seen_change(world: World) -> dict:
    """The list with one that can be decided."""
    a_change(world)
    return {}


def a_link(world: World) -> dict:
    an_invitation(world)
    # The token itself is only in the mail; a link that is not in force says so.
    assert Invitation.objects.exists()
    return {"token": "not-in-force"}


def a_change(world: World) -> dict:
    """Proposed by another administrator than the one who looks at it."""
    by = Actor(person(Role.ADMINISTRATOR, ""))
    return {"pk": propose_second_factor(by, person(Role.FINANCE_OFFICER)).pk}


def seen_deputy(world: World) -> dict:
    """The page with a deputy arranged and another who waits to be confirmed."""
    a_deputy(world)
    post, today = world[Role.CASE_OFFICER].posts.get(), clock.today()
    later = today + dt.timedelta(days=30)
    deputies.arrange(world[Role.CASE_OFFICER], post, world[Role.FINANCE_OFFICER], later, later)
    return {}


def a_deputy(world: World) -> dict:
    """A colleague who stands for the world's case officer."""
    post, colleague = world[Role.CASE_OFFICER].posts.get(), person(Role.CASE_OFFICER)
    deputies.arrange(world[Role.CASE_OFFICER], post, colleague, clock.today(), clock.today())
    return {"pk": Post.objects.get(stands_for=post).pk}


def an_own_change(world: World) -> dict:
    by = Actor(world[Role.ADMINISTRATOR])
    return {"pk": propose_second_factor(by, person(Role.FINANCE_OFFICER)).pk}


ROUTES = {
    "favicon": Route(),
    "livez": Route(),
    "readyz": Route(),
    "me": Route(),
    "me-email": Route(),
    "channels": Route(),
    "channels-act": Route(lambda world: {"act": "line-end"}, shared=True),
    "rescued": Route(),
    "changes": Route(shows=((Role.ADMINISTRATOR, seen_change),)),
    "change-confirm": Route(a_change),
    "change-refuse": Route(a_change),
    "change-withdraw": Route(an_own_change, refused={role: 404 for role in Role if role != Role.ADMINISTRATOR}),
    "act-as": Route(),
    "deputies": Route(shows=((Role.CASE_OFFICER, seen_deputy),)),
    "deputy-end": Route(a_deputy, refused={Role.TOWNSHIP_OFFICER: 404, Role.FINANCE_OFFICER: 404}),
    "own-address": Route(lambda world: {"token": "not-in-force"}),
    "entry": Route(),
    # Without a code typed before, it leads to the page that asks for it.
    "entry-password": Route(leads_on=True),
    "entry-link": Route(lambda world: {"token": "not-in-force"}),
    "upload-hold": Route(leads_on=True),
    "communities:people": Route(),
    "communities:person": Route(somebody, shared=True),
    "communities:person-save": Route(somebody, shared=True),
    "communities:person-active": Route(somebody, shared=True),
    "communities:person-second-factor": Route(somebody, shared=True),
    "communities:person-unlock": Route(somebody, shared=True),
    "communities:post-give": Route(somebody, shared=True),
    # An administrator without a county reaches both.
    "communities:post-end": Route(a_post, shared=True),
    "communities:invitations": Route(shows=((Role.CASE_OFFICER, seen_invitation),)),
    "communities:invitation-withdraw": Route(an_invitation, shared=True),
    "communities:invitation-accept": Route(a_link),
}

"""Who keeps the counties' data. An administrator may propose and confirm them: they decide no case."""

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.permissions import post_for

PROPOSERS = (Role.CASE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
CONFIRMERS = (Role.APPROVER, Role.ADMINISTRATOR)
# A further county concerns everybody.
FOUNDERS = (Role.ADMINISTRATOR,)


def proposer(user: User, roles: tuple[Role, ...], county: str) -> Actor:
    """Return the user in the post in which they propose."""
    post = post_for(user, roles, county)
    return Actor(user, post.label if post else "")

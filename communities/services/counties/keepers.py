"""Who proposes the counties' data, in which post. An administrator may propose and confirm them: they decide no case."""

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.permissions import post_for


def proposer(user: User, roles: tuple[Role, ...], county: str) -> Actor:
    """Return the user in the post in which they propose."""
    post = post_for(user, roles, county)
    return Actor(user, post.label if post else "")

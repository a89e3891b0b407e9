"""Who may propose and decide changes of a county's own data."""

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from .enums import ChangeStatus
from .kinds import Kind, kind_of
from .models import Change


def may_propose(user: User, kind: Kind, county: str) -> Answer:
    if post_for(user, kind.proposers, county):
        return ALLOW
    return _only(kind.proposers)


def may_decide(user: User, change: Change) -> Answer:
    """Allow whoever may confirm the kind in this county, except the person who proposed the change."""
    kind = kind_of(change)
    if change.status != ChangeStatus.WAITING:
        return deny(_("這件變更已經決定了。"))
    if not post_for(user, kind.confirmers, change.county):
        return _only(kind.confirmers)
    if change.proposed_by_id == user.pk:
        return deny(_("提出的人不能自己確認，請另一位同仁確認。"))
    return ALLOW


def post_for(user: User, roles: tuple[Role, ...], county: str) -> Post | None:
    """Return the user's first post among `roles` that reaches data of `county` ("" for data of all counties)."""
    return next((post for post in posts_of(user) if post.role in roles and reaches(post, county)), None)


def reaches(post: Post, county: str) -> bool:
    return not county or post.county in ("", county)


def _only(roles: tuple[Role, ...]) -> Answer:
    names = "、".join(str(role.label) for role in roles)
    return deny(_("這項資料由%(roles)s辦理，您目前的職務沒有這個權限。") % {"roles": names})

"""Who may propose and decide changes of a county's own data."""

from django.contrib.auth.models import AnonymousUser
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
    """Allow whoever may confirm the kind in this county, except those who proposed the change or checked it."""
    answer = _may_take_part(user, change, kind_of(change).confirmers)
    if answer and waits_for_check(change):
        return deny(_("要先由承辦人核對文件，再由另一位同仁確認。"))
    return answer


def may_check(user: User, change: Change) -> Answer:
    """Allow whoever may check a change that came from outside the office, before another person confirms it."""
    answer = _may_take_part(user, change, kind_of(change).checkers)
    if answer and not waits_for_check(change):
        return deny(_("這件變更不用再核對。"))
    return answer


def may_refuse(user: User, change: Change) -> Answer:
    return may_check(user, change) or may_decide(user, change)


def may_read(user: User | AnonymousUser, change: Change) -> bool:
    """Return whether the page of the change opens to the user, so that nobody is shown a link that is refused."""
    kind = kind_of(change)
    roles = (*kind.proposers, *kind.confirmers, *kind.checkers)
    return change.proposed_by_id == user.pk or post_for(user, roles, change.county) is not None


def waits_for_check(change: Change) -> bool:
    return change.needs_check and change.checked_by_id is None


def _may_take_part(user: User, change: Change, roles: tuple[Role, ...]) -> Answer:
    if change.status != ChangeStatus.WAITING:
        return deny(_("這件變更已經決定了。"))
    among = post_for(user, roles, change.county)
    if change.proposed_by_id == user.pk:
        return deny(_("提出的人不能自己確認，請另一位同仁確認。") if among else _awaited(roles))
    if not among:
        return _only(roles)
    if change.checked_by_id == user.pk:
        return deny(_("您已經核對過，請另一位同仁確認。"))
    return ALLOW


def post_for(user: User | AnonymousUser, roles: tuple[Role, ...], county: str) -> Post | None:
    """Return the user's first post among `roles` that reaches data of `county` ("" for data of all counties)."""
    return next((post for post in posts_of(user) if post.role in roles and reaches(post, county)), None)


def reaches(post: Post, county: str) -> bool:
    return not county or post.county in ("", county)


def _only(roles: tuple[Role, ...]) -> Answer:
    return deny(_("這項資料由%(roles)s辦理，您目前的職務沒有這個權限。") % {"roles": _names(roles)})


def _awaited(roles: tuple[Role, ...]) -> str:
    return _("由%(roles)s確認；確認以前照原來的資料。") % {"roles": _names(roles)}


def _names(roles: tuple[Role, ...]) -> str:
    return "、".join(str(role.label) for role in roles)

"""The life of a proposal: one person makes it, another one confirms or refuses it, or its author takes it back."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.permissions import not_the_same
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from .core import Guard, Move, Screen

DRAFT = frozenset([S.DRAFT])
REFUSE = gettext_lazy("不同意")


def confirm_or_refuse(
    roles: tuple[Role, ...],
    author: str,
    another: Promise,
    confirm: Promise,
    screen: Screen,
    *,
    refuse: Promise = REFUSE,
    askers: tuple[Role, ...] = (),
    also: tuple[Guard, ...] = (),
) -> tuple[Move, Move, Move]:
    """Return the two moves that decide a proposal, and the one by which its author takes it back (a typing error needs
    nobody else).

    `author` is the column of who made it, `another` what this person reads who would decide on it; only the
    confirmation has the guards in `also`. `askers` may make a proposal, where they are not those who decide.
    """

    def by_another(row: Any, user: User) -> Answer:
        return not_the_same(user, getattr(row, author), str(another))

    def by_its_author(row: Any, user: User) -> Answer:
        return ALLOW if getattr(row, author) == user.pk else deny(_("只有提出的人可以收回。"))

    return (
        Move("confirm", confirm, DRAFT, S.CONFIRMED, roles, (by_another, *also), screen),
        Move("refuse", refuse, DRAFT, S.REFUSED, roles, (by_another,)),
        Move("withdraw", gettext_lazy("收回"), DRAFT, S.WITHDRAWN, askers or roles, (by_its_author,)),
    )

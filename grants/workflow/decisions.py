"""The life of a proposal: one person makes it, another one confirms or refuses it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from miaoli_kaohsiung.accounts.enums import Role

from .core import Guard, Move, Screen

DRAFT = frozenset([S.DRAFT])
REFUSE = gettext_lazy("不同意")


def confirm_or_refuse(
    roles: tuple[Role, ...],
    another: Guard,
    confirm: str | Promise,
    screen: Screen,
    *,
    refuse: str | Promise = REFUSE,
    also: tuple[Guard, ...] = (),
) -> tuple[Move, Move]:
    """Return the two moves that decide a proposal. `another` is the guard against the author; only the confirmation has
    the guards in `also`.
    """
    return (
        Move("confirm", confirm, DRAFT, S.CONFIRMED, roles, (another, *also), screen),
        Move("refuse", refuse, DRAFT, S.REFUSED, roles, (another,)),
    )

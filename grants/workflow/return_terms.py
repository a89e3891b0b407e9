"""The life of a change of a scheme's terms of return: one person proposes it, another confirms or refuses."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import Application, ReturnTermsChange
from grants.permissions import CountyGround, not_the_same
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Answer

from . import core
from .core import Move, Table
from .envelopes import DRAFT, KEEPERS


def ground_of(change: ReturnTermsChange) -> Application:
    """The county of the scheme, in the place of a case."""
    return cast("Application", CountyGround(change.scheme.county))


def _another(change: ReturnTermsChange, user: User) -> Answer:
    return not_the_same(user, change.proposed_by_id, _("登錄的人不能自己確認，請另一位主管或主計出納確認。"))


TABLE = Table(
    name="return_terms_change",
    model=ReturnTermsChange,
    statuses=S,
    case_of=ground_of,
    threads=lambda change: (f"return_terms:{change.pk}",),
    moves=(
        Move("confirm", gettext_lazy("確認繳回帳戶"), DRAFT, S.CONFIRMED, KEEPERS, (_another,)),
        Move("refuse", gettext_lazy("不同意"), DRAFT, S.REFUSED, KEEPERS, (_another,)),
    ),
)


def move(change: ReturnTermsChange, name: str, user: User | None, **noted) -> ReturnTermsChange:
    return core.move(TABLE, change, name, user, **noted)

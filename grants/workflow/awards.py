"""The life of an award. Completion and closing come from the settlement; revocation is a decision of its own."""

from django.utils.translation import gettext_lazy

from grants.enums import AwardStatus as S
from grants.models import Award
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

from . import core
from .core import Move, Table

TABLE = Table(
    name="award",
    model=Award,
    statuses=S,
    case_of=lambda award: award.application,
    moves=(
        Move("complete", gettext_lazy("登記執行完畢"), frozenset([S.ACTIVE]), S.COMPLETED, (Role.MEMBER,)),
        Move("close", gettext_lazy("結案"), frozenset([S.COMPLETED]), S.CLOSED, ()),
    ),
)


def move(award: Award, name: str, user: User | None, **noted) -> Award:
    return core.move(TABLE, award, name, user, **noted)

"""The life of a change of a year's envelope: one person proposes it with its paper, another confirms or refuses."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import Application, EnvelopeChange, ReturnTermsChange
from grants.permissions import CountyGround, not_the_same
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Answer

from . import core
from .core import Columns, Move, Permit, Screen, Table

DRAFT = frozenset([S.DRAFT])


def ground_of(change: EnvelopeChange | ReturnTermsChange) -> Application:
    """The county of the scheme, in the place of a case."""
    return cast("Application", CountyGround(change.scheme.county))


def another_keeper(change: EnvelopeChange | ReturnTermsChange, user: User) -> Answer:
    """Who proposed a change of a scheme's money does not confirm it."""
    return not_the_same(user, change.proposed_by_id, _("登錄的人不能自己確認，請另一位主管或主計出納確認。"))


TABLE = Table(
    name="envelope_change",
    model=EnvelopeChange,
    statuses=S,
    case_of=ground_of,
    threads=lambda change: (f"envelope:{change.pk}",),
    page="grants:envelope",
    moves=(
        Move(
            "confirm",
            gettext_lazy("確認額度"),
            DRAFT,
            S.CONFIRMED,
            MONEY_KEEPERS,
            (another_keeper,),
            screen=Screen(button=gettext_lazy("看額度"), queue="envelope"),
        ),
        Move("refuse", gettext_lazy("不同意"), DRAFT, S.REFUSED, MONEY_KEEPERS, (another_keeper,)),
    ),
)


def permit(change: EnvelopeChange, name: str, user: User) -> Permit[EnvelopeChange]:
    return core.permit(TABLE, change, name, user)


def move(
    change: EnvelopeChange, name: str, user: User | None, columns: Columns = None, **noted: object
) -> EnvelopeChange:
    return core.move(TABLE, change, name, user, columns, **noted)

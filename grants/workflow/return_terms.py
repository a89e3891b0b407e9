"""The life of a change of a scheme's terms of return: one person proposes it, another confirms or refuses."""

from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import ReturnTermsChange
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User

from . import core
from .core import Columns, Move, Permit, Screen, Table
from .envelopes import DRAFT, another_keeper, ground_of

TABLE = Table(
    name="return_terms_change",
    model=ReturnTermsChange,
    statuses=S,
    case_of=ground_of,
    threads=lambda change: (f"return_terms:{change.pk}",),
    page="grants:return_terms",
    moves=(
        Move(
            "confirm",
            gettext_lazy("確認繳回帳戶"),
            DRAFT,
            S.CONFIRMED,
            MONEY_KEEPERS,
            (another_keeper,),
            screen=Screen(button=gettext_lazy("看帳戶"), queue="return_terms"),
        ),
        Move("refuse", gettext_lazy("不同意"), DRAFT, S.REFUSED, MONEY_KEEPERS, (another_keeper,)),
    ),
)


def permit(change: ReturnTermsChange, name: str, user: User) -> Permit[ReturnTermsChange]:
    return core.permit(TABLE, change, name, user)


def move(
    change: ReturnTermsChange, name: str, user: User | None, columns: Columns = None, **noted: object
) -> ReturnTermsChange:
    return core.move(TABLE, change, name, user, columns, **noted)

"""The life of a ruling and of a waiver: one officer records it, another one confirms or refuses it."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import Application, Ruling, Waiver
from grants.permissions import CountyGround
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Move, Screen, Table
from .decisions import confirm_or_refuse


def ground_of(ruling: Ruling) -> Application:
    """Return the county of the ruling, in the place of a case."""
    return cast("Application", CountyGround(ruling.scheme.county))


ANOTHER = gettext_lazy("登錄的人不能自己確認，請另一位承辦人或主管辦理。")


def _first_of_the_day(ruling: Ruling, user: User) -> Answer:
    same = Ruling.objects.filter(
        scheme=ruling.scheme_id, parameter=ruling.parameter, effective_from=ruling.effective_from, status=S.CONFIRMED
    )
    return deny(_("同一個項目在同一個生效日期已經有一則函釋。")) if same.exists() else ALLOW


RULINGS = Table(
    name="ruling",
    model=Ruling,
    statuses=S,
    case_of=ground_of,
    threads=lambda ruling: (f"ruling:{ruling.pk}",),
    page="grants:ruling",
    moves=confirm_or_refuse(
        CASE_HANDLERS,
        "author_id",
        ANOTHER,
        gettext_lazy("確認函釋"),
        Screen(button=gettext_lazy("看函釋"), queue="ruling"),
        also=(_first_of_the_day,),
    ),
)
WAIVERS = Table(
    name="waiver",
    model=Waiver,
    statuses=S,
    case_of=lambda waiver: waiver.application,
    threads=lambda waiver: (f"waiver:{waiver.pk}",),
    page="grants:waivers",
    moves=(
        *confirm_or_refuse(
            CASE_HANDLERS,
            "author_id",
            ANOTHER,
            gettext_lazy("確認個案同意"),
            Screen(button=gettext_lazy("看個案同意"), queue="waiver"),
        ),
        # One row for a case and clause: what did not come to hold is recorded again in its place; the trail keeps both.
        Move("record_again", gettext_lazy("重新登錄"), frozenset([S.REFUSED, S.WITHDRAWN]), S.DRAFT, CASE_HANDLERS),
    ),
)


def move(row: Ruling | Waiver, name: str, user: User, columns: Columns = None, **noted: object) -> Ruling | Waiver:
    """Make the move of a locked row; the decider and the day are among the columns."""
    if isinstance(row, Ruling):
        return core.move(RULINGS, row, name, user, columns, **noted)
    return core.move(WAIVERS, row, name, user, columns, **noted)

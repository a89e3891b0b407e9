"""The life of a 停止申請處分: one officer records it, another one confirms or refuses; two others' hands lift it again."""

from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus, SanctionStatus
from grants.models import Sanction, SanctionLifting
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User

from . import core
from .core import Columns, Move, Permit, Screen, Table
from .decisions import confirm_or_refuse

TABLE = Table(
    name="sanction",
    model=Sanction,
    statuses=SanctionStatus,
    case_of=lambda sanction: sanction.award.application,
    threads=lambda sanction: (f"sanction:{sanction.pk}",),
    page="grants:sanction",
    moves=(
        *confirm_or_refuse(
            CASE_HANDLERS,
            "recorded_by_id",
            gettext_lazy("登錄的人不能自己確認，請另一位承辦人或主管辦理。"),
            gettext_lazy("確認處分"),
            Screen(button=gettext_lazy("看處分"), queue="sanction"),
        ),
        Move("lift", gettext_lazy("撤銷處分"), frozenset([SanctionStatus.CONFIRMED]), SanctionStatus.LIFTED, ()),
    ),
)


LIFTINGS = Table(
    name="sanction_lifting",
    model=SanctionLifting,
    statuses=RulingStatus,
    case_of=lambda row: row.sanction.award.application,
    threads=lambda row: (f"sanction_lifting:{row.pk}",),
    page="grants:sanction",
    moves=confirm_or_refuse(
        CASE_HANDLERS,
        "asked_by_id",
        gettext_lazy("提出撤銷的人不能自己確認，請另一位承辦人或主管辦理。"),
        gettext_lazy("確認撤銷處分"),
        Screen(button=gettext_lazy("看撤銷的理由"), queue="sanction_lifting"),
        refuse=gettext_lazy("不同意撤銷"),
    ),
)


def permit(sanction: Sanction, name: str, user: User) -> Permit[Sanction]:
    return core.permit(TABLE, sanction, name, user)


def move(sanction: Sanction, name: str, user: User | None, columns: Columns = None, **noted: object) -> Sanction:
    return core.move(TABLE, sanction, name, user, columns, **noted)

"""The life of a 停止申請處分: one officer records it, another one confirms or refuses."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import Sanction
from grants.permissions import not_the_same
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Answer

from . import core
from .core import Columns, Permit, Screen, Table
from .decisions import confirm_or_refuse


def _another(sanction: Sanction, user: User) -> Answer:
    return not_the_same(user, sanction.recorded_by_id, _("登錄的人不能自己確認，請另一位承辦人或主管辦理。"))


TABLE = Table(
    name="sanction",
    model=Sanction,
    statuses=S,
    case_of=lambda sanction: sanction.award.application,
    threads=lambda sanction: (f"sanction:{sanction.pk}",),
    page="grants:sanction",
    moves=confirm_or_refuse(
        CASE_HANDLERS,
        _another,
        gettext_lazy("確認處分"),
        Screen(button=gettext_lazy("看處分"), queue="sanction"),
    ),
)


def permit(sanction: Sanction, name: str, user: User) -> Permit[Sanction]:
    return core.permit(TABLE, sanction, name, user)


def move(sanction: Sanction, name: str, user: User | None, columns: Columns = None, **noted: object) -> Sanction:
    return core.move(TABLE, sanction, name, user, columns, **noted)

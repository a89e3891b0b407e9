"""The life of a correction of what was recorded: one person asks with a reason, an officer confirms or refuses."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import RecordCorrection
from grants.permissions import not_the_same
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Answer

from . import core
from .core import Permit, Screen, Table
from .decisions import confirm_or_refuse


def _another(row: RecordCorrection, user: User) -> Answer:
    return not_the_same(user, row.asked_by_id, _("提出更正的人不能自己確認，請另一位承辦人或主管辦理。"))


TABLE = Table(
    name="record_correction",
    model=RecordCorrection,
    statuses=S,
    case_of=lambda row: row.award.application,
    threads=lambda row: (f"record_correction:{row.pk}",),
    page="grants:settlement_detail",
    moves=confirm_or_refuse(
        CASE_HANDLERS,
        _another,
        gettext_lazy("確認更正"),
        Screen(button=gettext_lazy("看更正"), queue="record_correction"),
        refuse=gettext_lazy("不同意更正"),
    ),
)


def permit(row: RecordCorrection, name: str, user: User) -> Permit[RecordCorrection]:
    return core.permit(TABLE, row, name, user)

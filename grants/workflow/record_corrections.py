"""The life of a correction of what was recorded: one person asks with a reason, an officer confirms or refuses."""

from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus as S
from grants.models import RecordCorrection
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User

from . import core
from .core import Permit, Screen, Table
from .decisions import confirm_or_refuse

TABLE = Table(
    name="record_correction",
    model=RecordCorrection,
    statuses=S,
    case_of=lambda row: row.award.application,
    threads=lambda row: (f"record_correction:{row.pk}",),
    page="grants:settlement_detail",
    moves=confirm_or_refuse(
        CASE_HANDLERS,
        "asked_by_id",
        gettext_lazy("提出更正的人不能自己確認，請另一位承辦人或主管辦理。"),
        gettext_lazy("確認更正"),
        Screen(button=gettext_lazy("看更正"), queue="record_correction"),
        refuse=gettext_lazy("不同意更正"),
        askers=ASSOCIATION_OR_OFFICER,
    ),
)


def permit(row: RecordCorrection, name: str, user: User) -> Permit[RecordCorrection]:
    return core.permit(TABLE, row, name, user)

"""The life of a 結報: sums and content are checked by two people before it is accepted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import SettlementStatus as S
from grants.models import Settlement
from grants.permissions import not_the_same
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Move, Permit, Table


def _other_than_sums_checker(settlement: Settlement, user: User) -> Answer:
    return not_the_same(user, settlement.sums_checked_by_id, _("核憑證與核成果要由兩個人辦理。"))


def _other_than_checkers(settlement: Settlement, user: User) -> Answer:
    reason = _("核憑證或核成果的人不能自己准予核銷，請由主管辦理。")
    sums, content = settlement.sums_checked_by_id, settlement.content_checked_by_id
    return not_the_same(user, sums, reason) and not_the_same(user, content, reason)


def _executed(settlement: Settlement, user: User) -> Answer:
    done = settlement.award.completed_on
    return ALLOW if done else deny(_("請先登記計畫執行完畢的日期，再送結報。"))


TABLE = Table(
    name="settlement",
    model=Settlement,
    statuses=S,
    case_of=lambda settlement: settlement.award.application,
    threads=lambda settlement: (f"settlement:{settlement.number}",),
    moves=(
        Move("submit", gettext_lazy("送出結報"), frozenset([S.DRAFT]), S.SUBMITTED, (Role.MEMBER,), (_executed,)),
        Move("resubmit", gettext_lazy("補正後送回"), frozenset([S.CORRECTION_REQUESTED]), S.SUBMITTED, (Role.MEMBER,)),
        Move(
            "ask_correction",
            gettext_lazy("請協會補正"),
            frozenset([S.SUBMITTED, S.SUMS_CHECKED]),
            S.CORRECTION_REQUESTED,
            (Role.CASE_OFFICER, Role.FINANCE_OFFICER),
        ),
        Move("check_sums", gettext_lazy("憑證已核"), frozenset([S.SUBMITTED]), S.SUMS_CHECKED, (Role.FINANCE_OFFICER,)),
        Move(
            "check_content",
            gettext_lazy("成果已核"),
            frozenset([S.SUMS_CHECKED]),
            S.CONTENT_CHECKED,
            (Role.CASE_OFFICER,),
            (_other_than_sums_checker,),
        ),
        Move(
            "send_back",
            gettext_lazy("退回補正"),
            frozenset([S.CONTENT_CHECKED]),
            S.CORRECTION_REQUESTED,
            (Role.APPROVER,),
        ),
        Move(
            "accept",
            gettext_lazy("准予核銷"),
            frozenset([S.CONTENT_CHECKED]),
            S.ACCEPTED,
            (Role.APPROVER,),
            (_other_than_checkers,),
        ),
    ),
)


def permit(settlement: Settlement, name: str, user: User) -> Permit[Settlement]:
    return core.permit(TABLE, settlement, name, user)


def move(settlement: Settlement, name: str, user: User | None, columns: Columns = None, **noted: object) -> Settlement:
    return core.move(TABLE, settlement, name, user, columns, **noted)

"""The life of a 結報: sums and content are checked by two people before it is accepted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import AwardStatus, ConditionStage
from grants.enums import SettlementStatus as S
from grants.models import Settlement
from grants.permissions import not_the_same
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .awards import conditions_met
from .core import Columns, Move, Permit, Screen, Table


def _other_than_sums_checker(settlement: Settlement, user: User) -> Answer:
    return not_the_same(user, settlement.sums_checked_by_id, _("核憑證與核成果要由兩個人辦理。"))


def _conditions_met(settlement: Settlement, user: User) -> Answer:
    return conditions_met(settlement.award, ConditionStage.SETTLEMENT)


def _other_than_checkers(settlement: Settlement, user: User) -> Answer:
    reason = _("核憑證或核成果的人不能自己准予核銷，請由主管辦理。")
    sums, content = settlement.sums_checked_by_id, settlement.content_checked_by_id
    return not_the_same(user, sums, reason) and not_the_same(user, content, reason)


def _not_reopened(settlement: Settlement, user: User) -> Answer:
    """Refuse while the case is decided anew."""
    waits = settlement.award.status == AwardStatus.REOPENED
    return deny(_("這一案重新審查中，重新決定以後才能送結報。")) if waits else ALLOW


def _executed(settlement: Settlement, user: User) -> Answer:
    done = settlement.award.completed_on
    return ALLOW if done else deny(_("請先登記計畫執行完畢的日期，再送結報。"))


TABLE = Table(
    name="settlement",
    model=Settlement,
    statuses=S,
    case_of=lambda settlement: settlement.award.application,
    threads=lambda settlement: (f"settlement:{settlement.number}",),
    page="grants:settlement_detail",
    moves=(
        Move(
            "submit",
            _l("送出結報"),
            frozenset([S.DRAFT]),
            S.SUBMITTED,
            (Role.MEMBER,),
            (_not_reopened, _executed),
            Screen(
                form="report",
                button=_l("辦理結報"),
                queue="settle",
                asks=_l("請填實支金額、上傳文件，再送出結報"),
                waits=_l("等申請單位送結報"),
            ),
        ),
        Move(
            "resubmit",
            _l("補正後送回"),
            frozenset([S.CORRECTION_REQUESTED]),
            S.SUBMITTED,
            (Role.MEMBER,),
            (_not_reopened,),
            screen=Screen(
                form="report",
                button=_l("補正結報"),
                queue="settle_again",
                asks=_l("請補正後送回"),
                waits=_l("等申請單位補正"),
                short=_l("請補正結報"),
            ),
        ),
        Move(
            "check_sums",
            _l("憑證已核"),
            frozenset([S.SUBMITTED]),
            S.SUMS_CHECKED,
            (Role.FINANCE_OFFICER,),
            screen=Screen(
                form="sums",
                button=_l("核憑證"),
                queue="sums",
                asks=_l("請核對憑證，逐項登記准予核銷的金額"),
                waits=_l("縣府主計核對憑證中"),
                short=_l("縣府核對憑證"),
            ),
        ),
        Move(
            "check_content",
            _l("成果已核"),
            frozenset([S.SUMS_CHECKED]),
            S.CONTENT_CHECKED,
            (Role.CASE_OFFICER,),
            (_other_than_sums_checker, _conditions_met),
            Screen(
                form="content-check",
                button=_l("核成果"),
                queue="content",
                asks=_l("請看成果、照片和活動資料"),
                waits=_l("縣府承辦人核對成果中"),
                short=_l("縣府核對成果"),
            ),
        ),
        Move(
            "accept",
            _l("准予核銷"),
            frozenset([S.CONTENT_CHECKED]),
            S.ACCEPTED,
            (Role.APPROVER,),
            (_other_than_checkers,),
            Screen(
                form="accept",
                button=_l("看結報"),
                queue="accept",
                asks=_l("請決定是否准予核銷"),
                waits=_l("等縣府主管准予核銷"),
                short=_l("縣府准予核銷"),
            ),
        ),
        Move(
            "ask_correction",
            _l("請協會補正"),
            frozenset([S.SUBMITTED, S.SUMS_CHECKED]),
            S.CORRECTION_REQUESTED,
            (Role.CASE_OFFICER, Role.FINANCE_OFFICER),
        ),
        Move("send_back", _l("退回補正"), frozenset([S.CONTENT_CHECKED]), S.CORRECTION_REQUESTED, (Role.APPROVER,)),
        # Two people found that the acceptance does not stand (services.settlements.reversing).
        Move("reverse", _l("撤銷核銷，重新核對"), frozenset([S.ACCEPTED]), S.SUBMITTED, ()),
    ),
)


def permit(settlement: Settlement, name: str, user: User) -> Permit[Settlement]:
    return core.permit(TABLE, settlement, name, user)


def move(settlement: Settlement, name: str, user: User | None, columns: Columns = None, **noted: object) -> Settlement:
    return core.move(TABLE, settlement, name, user, columns, **noted)

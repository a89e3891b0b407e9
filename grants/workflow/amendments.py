"""The life of a change after the approval: the chairperson confirms, an officer checks, another person decides.

| from | usual move | other ways |
|---|---|---|
| awaiting_chair | confirm (chairperson) | withdraw |
| submitted | check (officer, with an opinion on each item) | withdraw, drop |
| checked | approve (approver, at least one item) | refuse (no item), send_back, withdraw, drop |
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import UNDECIDED
from grants.enums import AmendmentStatus as S
from grants.models import Amendment
from grants.permissions import at_counter, is_chair, not_the_same
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Move, Permit, Screen, Table


def _by_chair(row: Amendment, user: User) -> Answer:
    """Allow the chairperson, or a clerk at the counter with the sheet that the chairperson signed."""
    case = row.award.application
    if is_chair(user, case):
        return ALLOW
    counter = at_counter(user, case)
    if counter and row.signed_id:
        return ALLOW
    params = {"head": case.organisation.head_word}
    if counter:
        return deny(_("請先上傳%(head)s簽名的變更申請。") % params)
    return deny(_("計畫變更要由現任%(head)s確認，請%(head)s登入後確認送出。") % params)


def _other_than_checker(row: Amendment, user: User) -> Answer:
    return not_the_same(user, row.checked_by_id, _("審核的人不能自己核定，請由另一位主管決定。"))


TABLE = Table(
    name="amendment",
    model=Amendment,
    statuses=S,
    case_of=lambda row: row.award.application,
    threads=lambda row: (f"amendment:{row.pk}",),
    page="grants:amendment",
    moves=(
        Move(
            "confirm",
            _l("確認送出變更"),
            frozenset([S.AWAITING_CHAIR]),
            S.SUBMITTED,
            (Role.MEMBER,),
            (_by_chair,),
            Screen(
                form="confirm",
                button=_l("看變更並送出"),
                queue="amendment_chair",
                asks=_l("請看過變更，再確認送出"),
                waits=_l("等負責人確認送出"),
            ),
        ),
        Move(
            "check",
            _l("送主管核定"),
            frozenset([S.SUBMITTED]),
            S.CHECKED,
            (Role.CASE_OFFICER,),
            screen=Screen(
                form="check",
                button=_l("審核變更"),
                queue="amendment_check",
                asks=_l("請逐項寫審核意見，送主管核定"),
                waits=_l("縣府承辦人審核中"),
            ),
        ),
        Move(
            "approve",
            _l("核定變更"),
            frozenset([S.CHECKED]),
            S.APPROVED,
            (Role.APPROVER,),
            (_other_than_checker,),
            Screen(
                form="decide",
                button=_l("決定變更"),
                queue="amendment_decide",
                asks=_l("請逐項決定是否同意"),
                waits=_l("等縣府主管核定"),
            ),
        ),
        Move(
            "refuse",
            _l("不同意變更"),
            frozenset([S.CHECKED]),
            S.REFUSED,
            (Role.APPROVER,),
            (_other_than_checker,),
        ),
        Move("send_back", _l("退回承辦人"), frozenset([S.CHECKED]), S.SUBMITTED, (Role.APPROVER,)),
        Move("withdraw", _l("撤回變更"), frozenset(UNDECIDED), S.WITHDRAWN, (Role.MEMBER,)),
        Move("drop", _l("本案已結束，不用再辦變更"), frozenset(UNDECIDED), S.WITHDRAWN, ()),
    ),
)


def permit(row: Amendment, name: str, user: User) -> Permit[Amendment]:
    return core.permit(TABLE, row, name, user)


def move(row: Amendment, name: str, user: User | None, columns: Columns = None, **noted: object) -> Amendment:
    return core.move(TABLE, row, name, user, columns, **noted)

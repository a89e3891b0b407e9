"""Who may do what in an evaluation. `queries` decides what a person may see at all."""

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from .enums import RoundStatus
from .models import Entry, Round


def may_score(user: User, entry: Entry) -> Answer:
    """Allow a case officer or reviewer of the county, while the round is open, but never for their own association."""
    if entry.round.status != RoundStatus.SCORING:
        return deny(_("評鑑結果已經公布，不能再改分數。"))
    if not post_with(user, SCORERS, county=entry.round.county):
        return deny(_("評分由審查委員或縣府承辦人辦理。"))
    if post_with(user, Role.MEMBER, organisation_id=entry.organisation_id):
        return deny(_("不能評自己參加的協會，請由別的委員評分。"))
    return ALLOW


def may_tell_difficulties(user: User, entry: Entry) -> Answer:
    """Allow the association itself (M5.4c), until the results are published."""
    if not post_with(user, Role.MEMBER, organisation_id=entry.organisation_id):
        return deny(_("困難與需要由協會自己填寫。"))
    if entry.round.status != RoundStatus.SCORING:
        return deny(_("評鑑結果已經公布，不能再修改。"))
    return ALLOW


def may_publish(user: User, round_: Round) -> Answer:
    """Allow an approver of the county who did not open the round."""
    if round_.status != RoundStatus.SCORING:
        return deny(_("評鑑結果已經公布過了。"))
    if not post_with(user, Role.APPROVER, county=round_.county):
        return deny(_("評鑑結果由主管公布。"))
    if round_.opened_by_id == user.pk:
        return deny(_("開辦評鑑的人不能自己公布結果，請由另一位主管公布。"))
    return ALLOW

"""Who may do what in an evaluation. `queries` decides what a person may see at all."""

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny
from miaoli_kaohsiung.lib.roc_date import format_roc

from .enums import Interest, RoundStatus
from .models import Entry, Round, Sheet


def may_arrange(user: User, round_: Round) -> Answer:
    """Allow a case officer of the county, while the judges score: to assign them, and to say why one is not judged."""
    if not post_with(user, Role.CASE_OFFICER, county=round_.county):
        return deny(_("評鑑由縣府承辦人安排。"))
    if round_.status != RoundStatus.SCORING:
        return deny(_("評分已經結束，不能再安排委員或修改。"))
    return ALLOW


def may_declare(user: User, sheet: Sheet) -> Answer:
    """Allow the judge of the sheet, while the round is open."""
    if sheet.judge_id != user.pk or not post_with(user, SCORERS, county=sheet.entry.round.county):
        return deny(_("評分表只有被指派的委員本人可以填寫。"))
    if sheet.entry.round.status != RoundStatus.SCORING:
        return deny(_("評分已經結束，不能再改分數。"))
    if sheet.interest == Interest.CONFLICT:
        return deny(_("您和這個協會有利害關係，由別的委員評分。"))
    return ALLOW


def may_score(user: User, sheet: Sheet) -> Answer:
    """Allow the judge of the sheet once they declared to have no interest, until the last day of scoring."""
    if not (answer := may_declare(user, sheet)):
        return answer
    if post_with(user, Role.MEMBER, organisation_id=sheet.entry.organisation_id):
        return deny(_("不能評自己參加的協會，請由別的委員評分。"))
    if sheet.interest != Interest.NONE:
        return deny(_("請先聲明和這個協會有沒有利害關係。"))
    if sheet.entry.not_evaluated:
        return deny(_("這個協會這次不評分：%(why)s") % {"why": sheet.entry.not_evaluated})
    if clock.today() > sheet.entry.round.closes_on:
        last = format_roc(sheet.entry.round.closes_on)
        return deny(_("評分到%(last)s截止；還要評分，請縣府承辦人先延長。") % {"last": last})
    return ALLOW


def may_assess(user: User, entry: Entry) -> Answer:
    """Allow the association itself to say how it stands, until the last day for it."""
    if not post_with(user, Role.MEMBER, organisation_id=entry.organisation_id):
        return deny(_("自評由協會自己填寫。"))
    if entry.round.status != RoundStatus.SCORING or clock.today() > entry.round.self_until:
        return deny(_("自評到%(last)s截止。") % {"last": format_roc(entry.round.self_until)})
    if entry.not_evaluated:
        return deny(_("這次不評：%(why)s") % {"why": entry.not_evaluated})
    return ALLOW


def may_tell_difficulties(user: User, entry: Entry) -> Answer:
    """Allow the association itself (M5.4c), until the judges have finished."""
    if not post_with(user, Role.MEMBER, organisation_id=entry.organisation_id):
        return deny(_("困難與需要由協會自己填寫。"))
    if entry.round.status != RoundStatus.SCORING:
        return deny(_("評分已經結束，不能再修改。"))
    return ALLOW


def may_close(user: User, round_: Round) -> Answer:
    """Allow a case officer of the county to end the scoring."""
    if round_.status != RoundStatus.SCORING:
        return deny(_("評分已經結束了。"))
    if not post_with(user, Role.CASE_OFFICER, county=round_.county):
        return deny(_("評分由縣府承辦人結束。"))
    return ALLOW


def may_reopen(user: User, round_: Round) -> Answer:
    """Allow a case officer of the county to give closed sheets back to their judges."""
    if round_.status != RoundStatus.CLOSED:
        return deny(_("評分還沒有結束，或結果已經公布，不能重新開放評分。"))
    if not post_with(user, Role.CASE_OFFICER, county=round_.county):
        return deny(_("重新開放評分由縣府承辦人辦理。"))
    return ALLOW


def may_moderate(user: User, entry: Entry) -> Answer:
    """Allow a case officer of the county to propose another total between the end of scoring and the publication."""
    if not post_with(user, Role.CASE_OFFICER, county=entry.round.county):
        return deny(_("總分由縣府承辦人提出調整。"))
    if entry.round.status != RoundStatus.CLOSED:
        return deny(_("結束評分以後、公布以前才能調整總分。"))
    if entry.not_evaluated:
        return deny(_("這個協會沒有評分，沒有總分可以調整。"))
    return ALLOW


def may_publish(user: User, round_: Round) -> Answer:
    """Allow an approver of the county who neither opened the round nor ended its scoring."""
    if round_.status == RoundStatus.PUBLISHED:
        return deny(_("評鑑結果已經公布過了。"))
    if not post_with(user, Role.APPROVER, county=round_.county):
        return deny(_("評鑑結果由主管公布。"))
    if round_.status != RoundStatus.CLOSED:
        return deny(_("承辦人結束評分以後才能公布。"))
    if user.pk in (round_.opened_by_id, round_.closed_by_id):
        return deny(_("開辦評鑑或結束評分的人不能自己公布結果，請由另一位主管公布。"))
    return ALLOW

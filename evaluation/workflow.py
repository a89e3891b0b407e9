"""The moves of a round: 評分中 ⇄ 評分結束，待公布 → 已公布. The only writer of its status."""

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock

from . import actions, permissions
from .enums import RoundStatus
from .models import Round


def close(round_id: int, user: User) -> Round:
    """End the scoring: no sheet changes any more. Call it in a unit of work. Raises access.Refused."""
    round_ = _locked(round_id)
    access.require(permissions.may_close(user, round_))
    if waiting := round_.unscored().count():
        words = _("還有%(count)d個協會的評分表沒有送齊，也沒有寫未受評原因，不能結束評分。")
        access.require(access.deny(words % {"count": waiting}))
    round_.closed_by, round_.closed_on = user, clock.today()
    return _moved(round_, RoundStatus.CLOSED, actions.CLOSE, "closed_by", "closed_on")


def reopen(round_id: int, user: User) -> Round:
    """Give the sheets back to their judges. Call it in a unit of work. Raises access.Refused."""
    round_ = _locked(round_id)
    access.require(permissions.may_reopen(user, round_))
    round_.closed_by = round_.closed_on = None
    return _moved(round_, RoundStatus.SCORING, actions.REOPEN, "closed_by", "closed_on")


def publish(round_id: int, user: User) -> Round:
    """Publish a closed round. Call it in a unit of work. Raises access.Refused."""
    round_ = _locked(round_id)
    access.require(permissions.may_publish(user, round_))
    round_.published_by, round_.published_on = user, clock.today()
    return _moved(round_, RoundStatus.PUBLISHED, actions.PUBLISH, "published_by", "published_on")


def _locked(round_id: int) -> Round:
    return Round.objects.select_for_update().get(pk=round_id)


def _moved(round_: Round, to: RoundStatus, action: str, *columns: str) -> Round:
    before = round_.status
    round_.status = to
    round_.save(update_fields=["status", *columns])
    trail.record(action, round_, before={"status": before}, after={"status": to})
    return round_

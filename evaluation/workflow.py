"""The one move of a round: 評分中 → 已公布. The only writer of its status."""

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock

from . import actions, permissions
from .enums import RoundStatus
from .models import Round


def publish(round_id: int, user: User) -> Round:
    """Lock the round, read it again and publish it. Call it in a unit of work. Raises access.Refused."""
    round_ = Round.objects.select_for_update().get(pk=round_id)
    access.require(permissions.may_publish(user, round_))
    if waiting := round_.unscored().count():
        access.require(
            access.deny(_("還有%(count)d個協會沒有評完分，也沒有寫未受評原因，不能公布。") % {"count": waiting})
        )
    round_.status, round_.published_by, round_.published_on = RoundStatus.PUBLISHED, user, clock.today()
    round_.save(update_fields=["status", "published_by", "published_on"])
    trail.record(actions.PUBLISH, round_, before={"status": RoundStatus.SCORING}, after={"status": round_.status})
    return round_

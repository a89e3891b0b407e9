"""The moves of an alliance and of an association in it. The only writer of either status.

Alliance: 等各理事長確認 → 結盟中 → 已結束; 等各理事長確認 → 沒有成立.
Association: 等理事長確認 → 已確認 or 不參加; 已確認 → 已退出.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import AllianceStatus, MembershipStatus
from communities.models import Alliance, AllianceMember
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import require_lock

ALLIANCE_MOVES = {
    AllianceStatus.RUNNING: (actions.BEGIN_ALLIANCE, AllianceStatus.PROPOSED),
    AllianceStatus.ENDED: (actions.END_ALLIANCE, AllianceStatus.RUNNING),
    AllianceStatus.WITHDRAWN: (actions.WITHDRAW_ALLIANCE, AllianceStatus.PROPOSED),
}
MEMBER_MOVES = {
    MembershipStatus.AGREED: (actions.AGREE_ALLIANCE, MembershipStatus.INVITED),
    MembershipStatus.DECLINED: (actions.DECLINE_ALLIANCE, MembershipStatus.INVITED),
    MembershipStatus.LEFT: (actions.LEAVE_ALLIANCE, MembershipStatus.AGREED),
}


def move_alliance(alliance: Alliance, to: AllianceStatus, **columns: Any) -> None:
    """Change the status of a locked alliance with the columns that belong to it. Raises Refused."""
    require_lock(alliance)
    action, start = ALLIANCE_MOVES[to]
    if alliance.status != start:
        words = _("這個結盟現在是「%(status)s」，不能這樣辦；請重新整理這一頁。")
        raise Refused(words % {"status": alliance.get_status_display()})
    alliance.status = to
    _set(alliance, columns)
    trail.record(action, alliance, before={"status": start}, after={"status": to, **trail.snapshot(alliance, *columns)})


def move_member(member: AllianceMember, to: MembershipStatus, **columns: Any) -> None:
    """Change the status of an association whose alliance is locked. The entry stands in the alliance's history. Raises
    Refused.
    """
    require_lock(member.alliance)
    action, start = MEMBER_MOVES[to]
    if member.status != start:
        words = _("%(name)s現在是「%(status)s」，不能這樣辦；請重新整理這一頁。")
        raise Refused(words % {"name": member.organisation.name, "status": member.get_status_display()})
    member.status = to
    _set(member, columns)
    after = {"status": to, "organisation": member.organisation.name, **trail.snapshot(member, *columns)}
    trail.record(action, member.alliance, before={"status": start}, after=after)


def _set(row: Alliance | AllianceMember, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *columns])

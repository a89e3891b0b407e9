"""The coaching team of an alliance, its visits with photos, and what the associations learned."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import MembershipStatus
from communities.models import Alliance, AllianceCoach, AllianceMember, LearningEntry, MentorVisit, VisitPhoto
from communities.permissions import may_keep_alliance, may_learn
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files.services import Checked, Held, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

PHOTO_KINDS = ("jpeg", "png")


def add_coach(user: User, alliance: Alliance, **columns: Any) -> AllianceCoach:
    """Take somebody into the coaching team. Raises Refused."""
    require(may_keep_alliance(user, alliance))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        made = AllianceCoach.objects.create(alliance=alliance, **columns)
        trail.record(actions.ADD_COACH, alliance, after=trail.snapshot(made, *columns))
        return made


def end_coach(user: User, coach: AllianceCoach) -> None:
    """Note that somebody is in the team no longer. Raises Refused."""
    require(may_keep_alliance(user, coach.alliance))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(AllianceCoach.objects.select_related("alliance"), pk=coach.pk)
        if row.ended_on is None:
            row.ended_on = max(clock.today(), row.starts_on)
            row.save(update_fields=["ended_on"])
            trail.record(actions.END_COACH, row.alliance, after={"name": row.name, "ended_on": row.ended_on})


def note_visit(user: User, member: AllianceMember, coach: AllianceCoach, day: dt.date, **columns: Any) -> MentorVisit:
    """Note a visit of somebody of the team to an association. Raises Refused."""
    require(may_keep_alliance(user, member.alliance))
    if coach.alliance_id != member.alliance_id or member.status != MembershipStatus.AGREED:
        raise Refused(_("請選這個結盟的輔導團成員，和理事長確認過的協會。"))
    _require_day(member.alliance, day)
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        made = MentorVisit.objects.create(
            member=member, coach=coach, day=day, written_by=user, written_on=clock.today(), **columns
        )
        trail.record(actions.NOTE_VISIT, member.alliance, after={"visit": made.pk, "day": day, "coach": coach.name})
        return made


def add_photo(user: User, visit: MentorVisit, upload: Checked | Held, words: str) -> VisitPhoto:
    """Put a photo to a visit. Raises Refused."""
    alliance = visit.member.alliance
    require(may_keep_alliance(user, alliance))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)) as by:
        file = store(upload, actor=by, purpose="alliance_photo", kinds=PHOTO_KINDS)
        made = VisitPhoto.objects.create(visit=visit, file=file, words=words)
        trail.record(actions.ADD_PHOTO, alliance, after={"visit": visit.pk, "words": words})
        return made


def note_learning(user: User, member: AllianceMember, day: dt.date, **columns: Any) -> LearningEntry:
    """Write what the association learned. Raises Refused."""
    require(may_learn(user, member))
    _require_day(member.alliance, day)
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        made = LearningEntry.objects.create(
            member=member, day=day, written_by=user, written_on=clock.today(), **columns
        )
        after = {"organisation": member.organisation.name, "day": day}
        trail.record(actions.NOTE_LEARNING, member.alliance, after=after)
        return made


def _require_day(alliance: Alliance, day: dt.date) -> None:
    if day > clock.today():
        raise Refused(_("日期還沒到。"))
    if not alliance.starts_on <= day <= min(alliance.ends_on, alliance.ended_on or alliance.ends_on):
        raise Refused(_("日期要在結盟期間內。"))

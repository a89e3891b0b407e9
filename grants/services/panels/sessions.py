"""Presentation sessions: planned with an agenda, invited to by letters, recorded with attendance and minutes.

planned  → plan again, invite (an agenda and a member at least, not in the past), cancel
invited  → record (from its day on; again, until a case of it is decided it may be mended), cancel (before it is recorded)
recorded → record again
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import PRESENTED_IN, LetterKind, LetterStatus
from grants.letters.names import Receiver
from grants.models import AgendaItem, Application, Letter, PresentationSession, Scheme, SessionMember
from grants.queries.panels.agendas import Turn, agenda_of, ends_on_its_day, spoken, spoken_time
from grants.services.letters import drafts
from grants.workflow.letters import move
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc

PLAN = actions.register("presentation.plan", _l("排定簡報審查會"))
INVITE = actions.register("presentation.invite", _l("邀請參加簡報審查會"))
CANCEL = actions.register("presentation.cancel", _l("取消簡報審查會"))
RECORD = actions.register("presentation.record", _l("記錄簡報審查會"))
# The columns of a session that are planned.
FIELDS = ("meeting", "held_on", "begins_at", "place", "minutes_each")


@dataclass(frozen=True)
class Plan:
    """A session as it is planned; `cases` in the order of the agenda."""

    meeting: str
    held_on: dt.date
    begins_at: dt.time
    place: str
    minutes_each: int
    members: Sequence[User]
    cases: Sequence[Application]


@dataclass(frozen=True)
class Heard:
    """What was recorded of a case: whether anybody came, who, and what was said."""

    came: bool
    speakers: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Minutes:
    """What was recorded of a session; `present` are the members who came, `heard` is by agenda item."""

    chair: str
    text: str
    present: Sequence[int]
    heard: Mapping[int, Heard]


def plan(user: User, scheme: Scheme, wanted: Plan, session: PresentationSession | None = None) -> PresentationSession:
    """Plan a session, or plan one anew before anybody was invited."""
    with trail.unit_of_work(_officer(user, scheme.county)):
        row = _locked(session) if session else PresentationSession(scheme=scheme)
        if row.invited_on or row.cancelled_on:
            raise Refused(_("已經邀請或取消，不能再改；要改期請取消這一場，另外排一場。"))
        before = _said(row) if session else {}
        for name in FIELDS:
            setattr(row, name, getattr(wanted, name))
        _check(row, wanted)
        row.planned_by, row.planned_on = user, clock.today()
        row.save()
        row.items.all().delete()
        row.members.all().delete()
        AgendaItem.objects.bulk_create(
            AgendaItem(session=row, application=case, turn=turn) for turn, case in enumerate(wanted.cases, 1)
        )
        SessionMember.objects.bulk_create(SessionMember(session=row, reviewer=person) for person in wanted.members)
        old, new = trail.changes(before, _said(row))
        sizes = {"cases": [case.number for case in wanted.cases], "members": [str(one) for one in wanted.members]}
        trail.record(PLAN, row, before=old, after={**new, **sizes})
    return row


def _check(row: PresentationSession, wanted: Plan) -> None:
    if row.held_on < clock.today():
        raise Refused(_("日期已經過了。"))
    if not ends_on_its_day(row, len(wanted.cases)):
        raise Refused(_("照每件的時間會開到隔天，請減少件數或時間，或分成兩場。"))
    known = {person.pk for person in holders_of(Role.REVIEWER, county=row.county)}
    for person in wanted.members:
        if person.pk not in known:
            raise Refused(_("%(name)s不是本縣的審查委員。") % {"name": person})
    for case in wanted.cases:
        if case.scheme_id != row.scheme_id or case.status not in PRESENTED_IN:
            raise Refused(_("%(number)s不是這個方案審查中的案件。") % {"number": case.number})


def invite(user: User, session: PresentationSession) -> int:
    """Draft the letters to the associations and to the members, each of whom reads of no case that is hidden from them;
    return how many.
    """
    with trail.unit_of_work(_officer(user, session.county)):
        row = _locked(session)
        if row.invited_on or row.cancelled_on:
            raise Refused(_("已經邀請過或取消了。"))
        if row.held_on < clock.today():
            raise Refused(_("日期已經過了，請先改日期。"))
        turns, members = agenda_of(row, user), list(row.members.select_related("reviewer"))
        if not turns or not members or len(turns) != row.items.count():
            raise Refused(_("議程至少要有一件案件和一位委員；有您要迴避的案件時，請由別的承辦人邀請。"))
        for turn in turns:
            _invite_association(user, row, turn)
        for member in members:
            _invite_member(user, row, member.reviewer, turns)
        row.invited_on = clock.today()
        row.save(update_fields=["invited_on"])
        trail.record(INVITE, row, after={"letters": len(turns) + len(members)})
    return len(turns) + len(members)


def _invite_association(user: User, row: PresentationSession, turn: Turn) -> None:
    when = _("第%(turn)d件，%(time)s") % {"turn": turn.item.turn, "time": spoken_time(turn.begins_at)}
    drafts.prepare(
        user,
        turn.case,
        LetterKind.PRESENTATION,
        {"session": row.pk},
        meets_at=spoken(row.held_on, turn.begins_at),
        meets_where=row.present_place,
        meeting=row.meeting,
        turn=when,
    )


def _invite_member(user: User, row: PresentationSession, reviewer: User, turns: Sequence[Turn]) -> None:
    # Nothing of the plan: interest is declared before it is read.
    cases = [f"{turn.case.number}　{turn.case.organisation.name}" for turn in turns if reviewer not in turn.apart]
    name = _("%(name)s委員") % {"name": reviewer.display_name or reviewer}
    drafts.prepare(
        user,
        Receiver(row.county, name=name),
        LetterKind.PANEL,
        {"session": row.pk},
        meets_at=spoken(row.held_on, row.begins_at),
        meets_where=row.present_place,
        meeting=row.meeting,
        cases=cases,
    )


def cancel(user: User, session: PresentationSession, reason: str) -> int:
    """Cancel a session that was not recorded; its drafts go, and the number of letters that are out is returned."""
    with trail.unit_of_work(_officer(user, session.county)):
        row = _locked(session)
        if row.recorded_on or row.cancelled_on:
            raise Refused(_("已經記錄或取消了。"))
        if not reason.strip():
            raise Refused(_("請寫取消的原因。"))
        row.cancelled_on, row.cancel_reason = clock.today(), reason
        row.save(update_fields=["cancelled_on", "cancel_reason"])
        letters = _letters(row)
        for draft in lock_all(letters.filter(status=LetterStatus.DRAFT)):
            move(draft, "drop", None)
        trail.record(CANCEL, row, after={"reason": reason})
    return letters.filter(status=LetterStatus.ISSUED).count()


def record(user: User, session: PresentationSession, minutes: Minutes) -> PresentationSession:
    """Keep who came and what was said; it may be mended later."""
    with trail.unit_of_work(_officer(user, session.county)):
        row = _locked(session)
        if not row.invited_on or row.cancelled_on:
            raise Refused(_("還沒有邀請或已經取消，不能記錄。"))
        if row.held_on > clock.today():
            raise Refused(_("%(day)s開會，開會以後才能記錄。") % {"day": format_roc(row.held_on)})
        before = {"chair": row.chair, "minutes": row.minutes}
        row.chair, row.minutes = minutes.chair, minutes.text
        row.recorded_by, row.recorded_on = user, clock.today()
        row.save(update_fields=["chair", "minutes", "recorded_by", "recorded_on"])
        for member in row.members.all():
            member.came = member.pk in minutes.present
            member.save(update_fields=["came"])
        for item in row.items.filter(pk__in=minutes.heard):
            heard = minutes.heard[item.pk]
            item.came, item.speakers, item.notes = heard.came, heard.speakers, heard.notes
            item.save(update_fields=["came", "speakers", "notes"])
        old, new = trail.changes(before, {"chair": row.chair, "minutes": row.minutes})
        came = sum(heard.came for heard in minutes.heard.values())
        trail.record(RECORD, row, before=old, after={**new, "members": len(minutes.present), "cases": came})
    return row


def _said(row: PresentationSession) -> dict[str, object]:
    """Return what is planned as the trail keeps it."""
    found = {name: getattr(row, name) for name in FIELDS}
    return {**found, "begins_at": row.begins_at.strftime("%H:%M")}


def _letters(row: PresentationSession) -> QuerySet[Letter]:
    return Letter.objects.filter(county=row.county, context__session=row.pk)


def _locked(session: PresentationSession) -> PresentationSession:
    return lock(PresentationSession.objects.select_related(None), pk=session.pk)


def _officer(user: User, county: str) -> Actor:
    post = next((post for post in posts_of(user) if post.role == Role.CASE_OFFICER and post.county == county), None)
    if post is None:
        raise Refused(_("簡報審查會由本縣承辦人辦理。"))
    return Actor(user, post.label)

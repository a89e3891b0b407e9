"""Selections (M5.2), courses (M5.6) and visits (M5.7): given a day and a name, announced, and written down for each
association.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from grants import duty_kinds
from grants.compliance.rulesets import ruleset_for
from grants.enums import EntryStage
from grants.models import Application, Duty, DutyEntry, EntryPaper, Scheme
from grants.permissions import CountyGround, actor_for, duty_ground, holds
from grants.rules import tasks
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Answer, Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock, lock_first
from miaoli_kaohsiung.lib.roc_date import format_roc

SCHEDULE = actions.register("duty.schedule", _l("排定選拔、課程或參訪"))
ENTER = actions.register("duty.enter", _l("登錄社區紀錄"))
ADD_PAPER = actions.register("duty.add_paper", _l("附上參選文件"))
KEPT = ("organisation", "stage", "on", "people", "grade", "note")
REMOVE = actions.register("duty.remove_entry", _l("刪除社區紀錄"))


@dataclass(frozen=True)
class Occasion:
    """What is announced: name, day (the last one of a selection), time and place, and whether all associations are
    notified.
    """

    title: str
    on: dt.date
    text: str = ""
    tell_all: bool = False


@dataclass(frozen=True)
class Line:
    """What is written down about one association."""

    organisation: Organisation
    stage: str
    on: dt.date
    people: int = 0
    note: str = ""
    grade: str = ""


def add(user: User, county: str, key: str, occasion: Occasion) -> Duty:
    """Announce another occasion. The first of a year takes the row that the daily job made, if it has no day yet."""
    ground = cast("Application", CountyGround(county))
    with trail.unit_of_work(actor_for(user, ground, Role.CASE_OFFICER)):
        require(holds(user, ground, Role.CASE_OFFICER))
        clause = _clause_of(county, key)
        rows = Duty.objects.filter(county=county, key=key, application=None, organisation=None)
        year = str(occasion.on.year)
        row = lock_first(rows.filter(period=year, title="", done_on__isnull=True))
        if row is None:
            taken = set(rows.filter(period__startswith=year).values_list("period", flat=True))
            period = next(name for name in _periods(year) if name not in taken)
            row = Duty(key=key, clause=clause, county=county, period=period, opened_on=clock.today())
        return _keep(row, occasion)


def change(user: User, duty: Duty, occasion: Occasion) -> Duty:
    """Change day, name or text, while nothing of it is closed."""
    with trail.unit_of_work(actor_for(user, duty_ground(duty), Role.CASE_OFFICER)):
        require(may_change(user, duty))
        row = lock(Duty.objects.all(), pk=duty.pk)
        require(may_change(user, row))
        return _keep(row, occasion)


def may_change(user: User, duty: Duty) -> Answer:
    """Allow the county's officers, until the occasion is closed."""
    if duty.key not in duty_kinds.OCCASIONS:
        return deny(_("這一項不是選拔、課程或參訪。"))
    if duty.done_on is not None:
        return deny(_("這一項已經登錄完成，要修改請先收回登錄。"))
    return holds(user, duty_ground(duty), Role.CASE_OFFICER)


def enter(user: User, duty: Duty, line: Line) -> DutyEntry:
    """Write down one association. Raises Refused if it is there already, if something is missing or belongs elsewhere."""
    with trail.unit_of_work(actor_for(user, duty_ground(duty), Role.CASE_OFFICER)):
        row = lock(Duty.objects.all(), pk=duty.pk)
        require(may_change(user, row))
        _refuse_unfit(row, line)
        entry = DutyEntry(
            duty=row,
            organisation=line.organisation,
            stage=line.stage,
            on=line.on,
            people=line.people,
            note=line.note.strip(),
            grade=line.grade,
            by=user,
        )
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError as twice:
            raise Refused(_("%(name)s已經登錄過這一項。") % {"name": line.organisation.name}) from twice
        trail.record(ENTER, row, after=trail.snapshot(entry, *KEPT))
        return entry


def remove(user: User, entry: DutyEntry) -> None:
    """Remove an entry made by mistake; the trail keeps it."""
    with trail.unit_of_work(actor_for(user, duty_ground(entry.duty), Role.CASE_OFFICER)):
        row = lock(Duty.objects.all(), pk=entry.duty_id)
        require(may_change(user, row))
        if entry.papers.exists() or _rests_on(entry):
            raise Refused(_("已經有文件、輔導紀錄或結果，不能刪除。"))
        trail.record(REMOVE, row, before=trail.snapshot(entry, *KEPT))
        entry.delete()


def add_paper(user: User, entry: DutyEntry, upload: Upload, title: str) -> EntryPaper:
    """Keep a paper of a nomination, a mentoring or a result."""
    with trail.unit_of_work(actor_for(user, duty_ground(entry.duty), Role.CASE_OFFICER)):
        row = lock(Duty.objects.all(), pk=entry.duty_id)
        require(may_change(user, row))
        stored = store(upload, actor=trail.current_actor(), purpose="selection_paper")
        paper = EntryPaper.objects.create(
            entry=entry, title=title.strip(), file=stored, added_on=clock.today(), added_by=user
        )
        trail.record(ADD_PAPER, row, after=trail.snapshot(paper, "entry", "title", "file"))
        return paper


def _rests_on(entry: DutyEntry) -> bool:
    """Return whether a nomination has been followed by mentoring or a result."""
    later = (EntryStage.MENTORED, EntryStage.RESULT)
    rows = DutyEntry.objects.filter(duty=entry.duty_id, organisation=entry.organisation_id, stage__in=later)
    return entry.stage == EntryStage.ENTERED and rows.exists()


def _periods(year: str) -> Iterator[str]:
    """Yield the periods of a year: the year itself first, then 2010/2, 2010/3 …"""
    yield year
    yield from (f"{year}/{number}" for number in range(2, 1000))


def _clause_of(county: str, key: str) -> str:
    for scheme in Scheme.objects.filter(county=county).order_by("pk"):
        if key in duty_kinds.OCCASIONS and (found := tasks.clauses_of(ruleset_for(scheme, clock.today()), key)):
            return found[0].id
    raise Refused(_("這個縣的規定沒有這一項。"))


def _keep(row: Duty, occasion: Occasion) -> Duty:
    before = None if row.pk is None else trail.snapshot(row, "title", "due_on", "invitation")
    row.title, row.due_on, row.invitation = occasion.title.strip(), occasion.on, occasion.text.strip()
    row.save()
    trail.record(SCHEDULE, row, before=before, after=trail.snapshot(row, "title", "due_on", "invitation"))
    if occasion.tell_all:
        kind = duty_kinds.DUTIES[row.key]
        subject = _("%(kind)s：%(title)s（%(day)s）") % {
            "kind": kind.title,
            "title": row.title,
            "day": format_roc(row.due_on),
        }
        words = notices.Words(subject, row.invitation, reverse("grants:duty", args=[row.pk]))
        people = holders_of(Role.MEMBER, county=row.county)
        notices.send(people, "duty.occasion", f"duty:{row.pk}", words, due_on=row.due_on, at_once=True)
    return row


def _refuse_unfit(row: Duty, line: Line) -> None:
    if line.stage not in duty_kinds.DUTIES[row.key].stages:
        raise Refused(_("這一項沒有這種紀錄。"))
    if line.organisation.county != row.county:
        raise Refused(_("這個社區不是本縣的。"))
    if line.on > clock.today():
        raise Refused(_("日期不能晚於今天。"))
    if line.stage == EntryStage.ATTENDED and not line.people:
        raise Refused(_("請填出席人數。"))
    if line.stage not in (EntryStage.MENTORED, EntryStage.RESULT):
        return
    if not line.note.strip():
        raise Refused(_("請寫紀錄。"))
    if not row.entries.filter(organisation=line.organisation, stage=EntryStage.ENTERED).exists():
        raise Refused(_("這個社區還沒有推薦參選，請先登錄推薦。"))
    if line.stage == EntryStage.RESULT and line.grade not in DutyEntry.Grade.values:
        raise Refused(_("請選獎項；沒有獲獎也要選。"))

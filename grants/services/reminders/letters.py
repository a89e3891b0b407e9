"""催辦函: the draft of a letter about a missed deadline, on the desk of the case's officer. Nothing is sent by itself."""

import datetime as dt
from collections.abc import Mapping

from grants.enums import LetterKind, LetterStatus
from grants.models import Deadline, Letter
from grants.queries.reminders.plans import Stage, newest_stage
from grants.queries.reminders.table import Reminder, reminders_of
from grants.services import notices
from grants.services.letters import drafts
from grants.workflow.letters import move
from miaoli_kaohsiung.lib.locks import lock_all

from .deadlines import values_of
from .engine import BATCH
from .words import said


def draft(day: dt.date) -> int:
    """Draft the letters whose stage has come, one a stage and never two at a time for one deadline; return how many."""
    rows = Deadline.objects.filter(done_on=None, due_on__lt=day, application__isnull=False)
    rows = rows.select_related("application__organisation__township", "application__scheme", "award", "instalment")
    tables: dict[str, Mapping[str, Reminder]] = {}
    count = 0
    for row in rows.defer("application__search").order_by("pk").iterator(BATCH):
        if row.case.county not in tables:
            tables[row.case.county] = reminders_of(row.case.county, day)
        if turn := _turn(row, tables[row.case.county], day):
            count += _draft(row, *turn, day)
    return count


def drop_moot() -> int:
    """Discard drafts whose deadline was met or moved meanwhile; return how many."""
    open_rows = Letter.objects.filter(kind=LetterKind.URGING, status=LetterStatus.DRAFT)
    asked = list(
        open_rows.filter(context__has_key="deadline").values_list("pk", "context__deadline", "context__due_on")
    )
    waiting = Deadline.objects.filter(done_on=None, pk__in=[key for _pk, key, _on in asked])
    due = {pk: on.isoformat() for pk, on in waiting.values_list("pk", "due_on")}
    moot = [pk for pk, key, on in asked if due.get(int(key)) != on]
    for row in lock_all(Letter.objects.select_related("application").filter(pk__in=moot)):
        move(row, "drop", None)
    return len(moot)


def _turn(row: Deadline, table: Mapping[str, Reminder], day: dt.date) -> tuple[Reminder, Stage] | None:
    reminder = table.get(f"{row.kind}.letter")
    if reminder is None or not reminder.active:
        return None
    stage = newest_stage(row.due_on, row.opened_on, reminder.plan(), day)
    return (reminder, stage) if stage else None


def _draft(row: Deadline, reminder: Reminder, stage: Stage, day: dt.date) -> bool:
    mine = Letter.objects.filter(application=row.case, kind=LetterKind.URGING, context__deadline=row.pk)
    same = mine.filter(context__stage=stage.name, context__due_on=row.due_on.isoformat())
    officer = next(iter(notices.officers(row.case)), None)
    if officer is None or same.exists() or mine.filter(status=LetterStatus.DRAFT).exists():
        return False
    words = said(reminder, values_of(row, day), "")
    kept = {"deadline": row.pk, "stage": stage.name, "due_on": row.due_on.isoformat()}
    drafts.prepare(
        officer, row.case, LetterKind.URGING, kept, headline=words.subject, paragraphs=words.body.splitlines()
    )
    return True

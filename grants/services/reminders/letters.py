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
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.locks import lock_all

from .deadlines import values_of
from .words import said


def draft(day: dt.date) -> int:
    """Draft the letters whose stage has come, one a stage and never two at a time for one deadline; return how many."""
    rows = Deadline.objects.filter(done_on=None, due_on__lt=day, application__isnull=False)
    rows = rows.select_related("application__organisation__township", "application__scheme", "award", "instalment")
    tables: dict[str, Mapping[str, Reminder]] = {}

    def of_some(some: list[Deadline]) -> int:
        for county in {row.case.county for row in some} - tables.keys():
            tables[county] = reminders_of(county, day)
        turns = [(row, turn) for row in some if (turn := _turn(row, tables[row.case.county], day))]
        return sum(_draft(row, *turn, day) for row, turn in turns)

    return trail.in_pieces(rows.defer("application__search").order_by("pk").iterator(trail.PIECE), of_some)


def drop_moot() -> int:
    """Discard drafts whose deadline was met or moved meanwhile; return how many."""
    open_rows = Letter.objects.filter(kind=LetterKind.URGING, status=LetterStatus.DRAFT)
    asked = list(
        open_rows.filter(context__has_key="deadline").values_list("pk", "context__deadline", "context__due_on")
    )
    waiting = Deadline.objects.filter(done_on=None, pk__in=[key for _pk, key, _on in asked])
    due = {pk: on.isoformat() for pk, on in waiting.values_list("pk", "due_on")}
    moot = [pk for pk, key, on in asked if due.get(int(key)) != on]
    return trail.in_pieces(moot, _drop)


def _drop(moot: list[int]) -> int:
    rows = Letter.objects.select_related("application").filter(pk__in=moot, status=LetterStatus.DRAFT)
    for row in lock_all(rows):
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

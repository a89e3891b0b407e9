"""Moving the day of what ends on a day off, each with its entry in the trail and a notice to whoever it concerns.

Everything here runs in the caller's unit of work, which has taken `hold_calendar` first.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.duty_kinds import DUTIES
from grants.enums import DeadlineKind
from grants.models import Application, Closure, CorrectionRequest, Deadline, DueMove, Duty, ReviewAssignment, Settlement
from grants.queries.calendar.running import Planned, Running, Subject
from grants.services import notices
from grants.services.reminders.deadlines import thread_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.locks import lock_first
from miaoli_kaohsiung.lib.roc_date import format_roc

MOVED = actions.register("calendar.move", _l("期限順延"))
MOVED_BACK = actions.register("calendar.move_back", _l("期限改回"))
# Any number that nothing else takes: whoever writes days or closures does so one after the other.
CALENDAR_LOCK = 88_0990002
_COLUMN: dict[type, str] = {Deadline: "deadline", Duty: "duty", ReviewAssignment: "assignment"}


@dataclass(frozen=True)
class Reason:
    """Why days move: the row that is the cause, and the words of the notices."""

    cause: Closure | Change
    words: str


def hold_calendar() -> None:
    """Wait until nobody else changes the calendar, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CALENDAR_LOCK])


def shift(plans: Iterable[Planned], reason: Reason) -> list[DueMove]:
    """Move what is planned, unless it was done or set to another day meanwhile."""
    plans = list(plans)
    _hold_cases(plan.running for plan in plans)
    made = []
    for plan in plans:
        before, after = plan.due_before, plan.due_after
        if not set_day(plan.running, before, after):
            continue
        cause = "closure" if isinstance(reason.cause, Closure) else "change"
        columns = {cause: reason.cause, _COLUMN[type(plan.running.row)]: plan.running.row}
        made.append(DueMove.objects.create(due_before=before, due_after=after, moved_on=clock.today(), **columns))
        _record(MOVED, plan.running, before, after, reason.words)
        tell(plan.running, before, after, reason.words)
    return made


def set_day(running: Running, before: dt.date, after: dt.date) -> bool:
    """Lock the row and set its day, with all that repeats it. Returns whether it still ended on `before`."""
    row = _locked(running.row, before)
    if row is None:
        return False
    row.due_on = running.row.due_on = after
    row.save(update_fields=["due_on"])
    if isinstance(row, Deadline):
        _repeat(row, before, after)
    return True


def _locked(row: Subject, before: dt.date) -> Subject | None:
    if isinstance(row, Deadline):
        return lock_first(Deadline.objects.filter(pk=row.pk, due_on=before))
    if isinstance(row, Duty):
        return lock_first(Duty.objects.filter(pk=row.pk, due_on=before))
    return lock_first(ReviewAssignment.objects.filter(pk=row.pk, due_on=before))


def _repeat(row: Deadline, before: dt.date, after: dt.date) -> None:
    """Write the day of a deadline where it stands a second time, and whether an account came late."""
    if row.kind == DeadlineKind.CORRECTION:
        asked = CorrectionRequest.objects.filter(pk=row.subject_key.partition(":")[2], due_on=before)
        asked.update(due_on=after)
        Application.objects.filter(pk=row.case.pk, correction_due_on=before).update(correction_due_on=after)
    if row.kind == DeadlineKind.SETTLEMENT and row.done_on is not None:
        Settlement.objects.filter(award=row.award_id, submitted_on__isnull=False).update(late=row.done_on > after)


def _hold_cases(found: Iterable[Running]) -> None:
    """Lock the cases first: that is the order of every other service."""
    keys = {one.case.pk for one in found if one.case}
    list(Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def put_back(move: DueMove, running: Running, to: dt.date, words: str) -> None:
    """Set the day of a move to an earlier one; all of it is undone if that is the day of before."""
    _hold_cases([running])
    before = running.row.due_on
    if not set_day(running, before, to):
        return
    later = DueMove.objects.filter(**{_COLUMN[type(running.row)]: running.row.pk}, undone_on=None, pk__gt=move.pk)
    later.update(undone_on=clock.today())
    if to == move.due_before:
        move.undone_on = clock.today()
    else:
        move.due_after = to
    move.save(update_fields=["undone_on", "due_after"])
    _record(MOVED_BACK, running, before, to, words)
    tell(running, before, to, words)


def _record(action: str, running: Running, before: dt.date, after: dt.date, words: str) -> None:
    changed = {"due_on": after, "reason": words}
    trail.record(action, running.row, before={"due_on": before}, after=changed, case=running.number)


def tell(running: Running, before: dt.date, after: dt.date, words: str) -> None:
    """Notify whoever has to do it. An office reads one notice of everything instead (`closures`, `days`)."""
    people = concerned(running)
    if not people:
        return
    params: dict[str, Any] = {
        "why": words,
        "what": running.what,
        "before": format_roc(before),
        "after": reckoned(after, running.county),
    }
    subject = _("%(what)s改到 %(after)s") % params
    body = _("%(why)s，原來 %(before)s的%(what)s改到 %(after)s。") % params
    row, case = running.row, running.case
    if isinstance(row, Deadline):
        notices.about_case(row.case, people, "due_moved", subject, body, thread=thread_of(row), repeats=True)
    elif isinstance(row, Duty):
        said = notices.Words(f"{subject}：{running.who}", body, reverse("grants:duty", args=[row.pk]))
        key = f"duty_moved:{row.pk}:{after}"
        ways: dict[str, Any] = {"thread": f"duty:{row.pk}", "case_number": running.number, "repeats": "duty.moved"}
        notices.send(people, "duty.moved", key, said, at_once=True, **ways)
    elif case is not None:
        url = reverse("grants:case_review", args=[case.number])
        notices.about_case(case, people, "review_moved", subject, body, url, f"assignment:{row.pk}", repeats=True)


def concerned(running: Running) -> list[User]:
    """Return the people who have to do it, if they are not of the county's office."""
    row = running.row
    if isinstance(row, Deadline):
        return notices.members(row.case)
    if isinstance(row, ReviewAssignment):
        return [row.reviewer]
    if DUTIES[row.key].by != Role.MEMBER:
        return []
    if row.organisation_id:
        return holders_of(Role.MEMBER, organisation_id=row.organisation_id)
    return notices.members(row.case) if row.application else []

"""What ends on a day: the deadlines, duties and reviews whose day would move if offices did not work on it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from grants.duty_kinds import DUTIES
from grants.enums import DeadlineKind
from grants.models import Application, Closure, Deadline, DueMove, Duty, ReviewAssignment
from miaoli_kaohsiung.lib.office_calendar import Calendar

Subject = Deadline | Duty | ReviewAssignment
# Days on which something happens are no periods: people agree upon another day.
APPOINTMENTS = tuple(key for key, duty in DUTIES.items() if duty.scope in ("event", "occasion"))


@dataclass(frozen=True)
class Running:
    """One of them: `what` it is ("補正期限"), about whom, and the place whose offices count."""

    row: Subject
    what: str
    who: str
    county: str
    township: str
    case: Application | None

    @property
    def number(self) -> str:
        return self.case.number if self.case else ""


@dataclass(frozen=True)
class Planned:
    """A day that would move."""

    running: Running
    due_after: dt.date

    @property
    def due_before(self) -> dt.date:
        return self.running.row.due_on


def running(days: Iterable[dt.date], counties: Iterable[str]) -> list[Running]:
    """Return what ends on one of the days in the counties and was not done by then. Three queries.

    What was done after its day counts too: with the day moved, it was done in time.
    """
    on = {"due_on__in": list(days)}
    places = list(counties)
    deadlines = Deadline.objects.filter(_not_done("done_on"), **on, application__county__in=places)
    # A bar ends on its day, whatever day that is.
    deadlines = deadlines.exclude(kind=DeadlineKind.BAN_END)
    duties = Duty.objects.filter(_not_done("done_on"), **on, county__in=places).exclude(key__in=APPOINTMENTS)
    reviews = ReviewAssignment.objects.filter(_not_done("submitted_on"), **on, application__county__in=places)
    reviews = reviews.exclude(interest=ReviewAssignment.Interest.CONFLICT)
    joined = ("application__organisation", "application__scheme", "application__officer")
    return [
        *map(_of_deadline, deadlines.select_related(*joined, "award").order_by("due_on", "pk")),
        *map(_of_duty, duties.select_related(*joined, "organisation").order_by("due_on", "pk")),
        *map(_of_review, reviews.select_related(*joined, "reviewer").order_by("due_on", "pk")),
    ]


def _not_done(column: str) -> Q:
    """Return a filter for rows that were not done on their day."""
    return Q(**{column: None}) | Q(**{f"{column}__gt": F("due_on")})


def planned(found: Iterable[Running], calendar: Callable[[str, str], Calendar]) -> list[Planned]:
    """Return those whose day is no workday in the calendar of their place, with the workday after it."""
    plans = []
    for one in found:
        days = calendar(one.county, one.township)
        if not days.is_workday(one.row.due_on):
            plans.append(Planned(one, days.next_workday(one.row.due_on)))
    return plans


def of_move(move: DueMove) -> Running:
    """Return what moved."""
    if move.deadline is not None:
        return _of_deadline(move.deadline)
    if move.duty is not None:
        return _of_duty(move.duty)
    assert move.assignment is not None
    return _of_review(move.assignment)


def moves_of(closure: Closure) -> list[tuple[DueMove, Running]]:
    """Return what a closure moved, also what moved back since, in one query."""
    joined = ("organisation", "scheme", "officer")
    related = [f"{row}__application__{name}" for row in ("deadline", "duty", "assignment") for name in joined]
    rows = closure.moves.select_related(*related, "duty__organisation", "assignment__reviewer")
    return [(move, of_move(move)) for move in rows]


def _of_deadline(row: Deadline) -> Running:
    case = row.case
    what = str(DeadlineKind(row.kind).label)
    return Running(row, what, case.organisation.name, case.county, case.township_code, case)


def _of_duty(row: Duty) -> Running:
    case, body = row.application, row.organisation or (row.application and row.application.organisation)
    township = case.township_code if case else (body and body.township_id) or ""
    return Running(row, DUTIES[row.key].title, body.name if body else "", row.county, township, case)


def _of_review(row: ReviewAssignment) -> Running:
    case = row.application
    # The day of a review is set by the county's office, wherever the case comes from.
    return Running(row, _("審查期限"), case.organisation.name, case.county, "", case)

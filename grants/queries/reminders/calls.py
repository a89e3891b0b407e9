"""The call list: which associations to call, about what, by when; and what came of the last call.

An association is on it when a row of the county's table says so, and, whatever the table says, from the first reminder
on if nobody of it has an account. Somebody who was reached leaves it until the row's next turn.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from communities.models import OfficeTerm
from communities.queries import township_name
from grants.enums import CallOutcome
from grants.models import CallRecord, Deadline
from grants.queries.scope import EVERYTHING, NOTHING, apart
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, Who
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import lets_in
from miaoli_kaohsiung.accounts.queries import posts_in_force, posts_of
from miaoli_kaohsiung.lib import clock

from .plans import HORIZON, Stage, newest_stage
from .table import Reminder, reminders_of


@dataclass(frozen=True)
class Call:
    """One call to make. `phone` is the association's own number; `chair` with `chair_phone` stands in where it has none."""

    deadline: Deadline
    reminder: Reminder
    stage: Stage
    township: str
    phone: str
    chair: str
    chair_phone: str
    unreachable: bool
    last: CallRecord | None

    @property
    def organisation(self) -> str:
        return self.deadline.case.organisation.name

    @property
    def head(self) -> str:
        """What the association calls its chairperson."""
        return self.deadline.case.organisation.head_word

    @property
    def number(self) -> str:
        return self.deadline.case.number


def visible(user: User) -> QuerySet[Deadline]:
    """Return the open deadlines of cases about which the user may call."""
    seen = NOTHING
    for post in posts_of(user):
        if post.role == Role.TOWNSHIP_OFFICER:
            seen |= Q(application__county=post.county, application__township_code=post.township_code)
        elif post.role in CASE_HANDLERS:
            seen |= Q(application__county=post.county)
    rows = Deadline.objects.filter(
        seen & EVERYTHING, apart(user, "application"), done_on=None, application__isnull=False
    )
    return rows.select_related(
        "application__organisation", "application__scheme", "application__officer", "award", "instalment"
    )


def calls_of(user: User) -> list[Call]:
    """Return the calls that are to be made now, the most urgent on top."""
    today = clock.today()
    rows = list(visible(user).filter(due_on__lte=today + dt.timedelta(days=HORIZON)).order_by("due_on", "pk"))
    tables = {county: reminders_of(county, today) for county in {row.case.county for row in rows}}
    bodies = {row.case.organisation_id for row in rows}
    members = posts_in_force().filter(role=Role.MEMBER, organisation_id__in=bodies)
    reachable = set(members.values_list("organisation_id", flat=True))
    own = {name for name, who in _CALLERS.items() if lets_in(user, who)}
    turns = []
    for row in rows:
        table, alone = tables[row.case.county], row.case.organisation_id not in reachable
        if turn := _turn(row, table, alone, own, today):
            turns.append((row, *turn, alone))
    return _with_people(turns)


_CALLERS: dict[str, Who] = {"township": Role.TOWNSHIP_OFFICER, "officers": CASE_HANDLERS}


def _turn(
    row: Deadline, table: dict[str, Reminder], alone: bool, own: set[str], today: dt.date
) -> tuple[Reminder, Stage] | None:
    reminder = table.get(f"{row.kind}.call")
    if reminder is None or not reminder.active or not own & set(reminder.who):
        return None
    stage = newest_stage(row.due_on, row.opened_on, reminder.plan(), today)
    if stage is None and alone:
        stage = newest_stage(row.due_on, row.opened_on, table[f"{row.kind}.asked"].plan(), today)
        stage = stage or (Stage("late", row.due_on, overdue=True) if row.due_on < today else None)
    return (reminder, stage) if stage else None


def _with_people(turns: list[tuple[Deadline, Reminder, Stage, bool]]) -> list[Call]:
    """Return the calls with numbers, without those who were reached since their stage came."""
    last = _last_calls(row.pk for row, *_rest in turns)
    chairs = _chairs({row.case.organisation_id for row, *_rest in turns})
    found = []
    for row, reminder, stage, alone in turns:
        record, place = last.get(row.pk), row.case.organisation
        if record and record.outcome == CallOutcome.ANSWERED and record.called_on >= stage.on:
            continue
        name, phone = chairs.get(place.pk, ("", ""))
        township = township_name(row.case.township_code, clock.today()) if row.case.township_code else ""
        chair_phone = "" if place.phone else phone
        found.append(Call(row, reminder, stage, township, place.phone, name, chair_phone, alone, record))
    return found


def _last_calls(deadlines: Iterable[int]) -> dict[int, CallRecord]:
    rows = CallRecord.objects.filter(deadline__in=list(deadlines)).select_related("called_by").order_by("pk")
    return {row.deadline_id: row for row in rows}


def _chairs(bodies: set[int]) -> dict[int, tuple[str, str]]:
    today = clock.today()
    found: dict[int, tuple[str, str]] = {}
    terms = OfficeTerm.objects.filter(organisation__in=bodies, office=Office.CHAIRPERSON, valid_from__lte=today)
    for term in terms.order_by("valid_from"):
        found[term.organisation_id] = (term.person_name, term.phone)
    return found

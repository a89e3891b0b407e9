"""The one engine that reminds people of what is due: deadlines, duties, and anything else that is given as a `Due`.

To each person it sends the newest stage that has come, once. A later reminder replaces the earlier one with a single
line that says since when. Nothing depends on the day of a run: the next run sends what a missed day did not.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from grants.queries.reminders.plans import Stage, newest_stage
from grants.queries.reminders.table import NOTICE, Reminder, reminders_of
from grants.services import notices
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import close_rows

from .words import said

Turn = tuple[Reminder, Stage]


@dataclass(frozen=True)
class Due:
    """Something to be done by a day. `of` is its kind in the county's table of reminders. The kind of each notice is
    `series` followed by the reminder and the stage; `key` is the notice's subject, `thread` what closes it (by default
    the key). `begins` says that a thing may be done from the day on, not until it.
    `values` fills the marks at a stage, on a day; `people` and `url` answer for one of the table's `who`.
    """

    of: str
    county: str
    series: str
    key: str
    due_on: dt.date
    opened_on: dt.date
    values: Callable[[Stage, dt.date], Mapping[str, str]]
    people: Callable[[str], list[User]]
    url: Callable[[str], str]
    law_days: tuple[int, ...] = ()
    thread: str = ""
    case_number: str = ""
    begins: bool = False

    def turns(self, reminders: Iterable[Reminder], day: dt.date) -> list[Turn]:
        """Return the newest stage of each reminder of this thing."""
        mine = [row for row in reminders if row.of == self.of and row.active and row.by == NOTICE]
        until = min(day, self.due_on) if self.begins else day
        stages = [(row, newest_stage(self.due_on, self.opened_on, row.plan(self.law_days), until)) for row in mine]
        return [(row, stage) for row, stage in stages if stage]

    def kind(self, turn: Turn) -> str:
        return f"{self.series}{turn[0].stem}.{turn[1].name}"

    def send(self, turns: list[Turn], fresh: list[Turn], day: dt.date) -> int:
        """Send each person the newest of the turns if it is a fresh one; returns how many notices."""
        newest: dict[int, tuple[Turn, str, User]] = {}
        for turn in turns:
            for who in turn[0].who:
                for person in notices.without_conflict(self.people(who), self.case_number):
                    known = newest.get(person.pk)
                    if known is None or turn[1].on > known[0][1].on:
                        newest[person.pk] = (turn, who, person)
        return sum(self._send(turn, who, person, day) for turn, who, person in newest.values() if turn in fresh)

    def _send(self, turn: Turn, who: str, person: User, day: dt.date) -> int:
        return notices.send(
            [person],
            self.kind(turn),
            self.key,
            said(turn[0], self.values(turn[1], day), self.url(who)),
            due_on=self.due_on,
            thread=self.thread,
            case_number=self.case_number,
            at_once=False,
            repeats=self.series,
            channels=turn[0].channels,
        )


@dataclass(frozen=True)
class Source:
    """A kind of thing that may be due. `kinds` is the prefix of all its notices' kinds; `due` lists what may have a
    stage by the day; `ended` returns those open notices whose subject is done, gone or due on another day, by their
    keys.
    """

    kinds: str
    due: Callable[[dt.date], Iterable[Due]]
    ended: Callable[[QuerySet[Notice]], Iterable[int]]


def remind(sources: Iterable[Source], day: dt.date) -> int:
    """Send the newest stages that have come and were not sent, for everything due, piece by piece; return how many notices."""
    tables: dict[str, tuple[Reminder, ...]] = {}

    def of_some(some: list[Due]) -> int:
        for county in {due.county for due in some} - tables.keys():
            tables[county] = tuple(reminders_of(county, day).values())
        return _remind([(due, turns) for due in some if (turns := due.turns(tables[due.county], day))], day)

    return sum(trail.in_pieces(source.due(day), of_some) for source in sources)


def _remind(staged: list[tuple[Due, list[Turn]]], day: dt.date) -> int:
    notices_sent = Notice.objects.filter(object_key__in={due.key for due, _turns in staged})
    already_sent = set(notices_sent.values_list("object_key", "kind", "due_on")) if staged else set()
    count = 0
    for due, turns in staged:
        if fresh := [turn for turn in turns if (due.key, due.kind(turn), due.due_on) not in already_sent]:
            count += due.send(turns, fresh, day)
    return count


def close_ended(sources: Iterable[Source]) -> int:
    """Close the reminders of what is done, gone or due on another day; return how many."""
    current = Notice.objects.filter(closed_at=None)
    ended = [pk for source in sources for pk in source.ended(current.filter(kind__startswith=source.kinds))]
    return close_rows(Notice.objects.filter(pk__in=ended))

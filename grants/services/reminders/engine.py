"""The one engine that reminds people of what is due: deadlines, duties, and anything else that is given as a `Due`.

It sends the newest stage that has come, once. A later reminder replaces the earlier one with a single line that says
since when. Nothing depends on the day of a run: the next run sends what a missed day did not.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from grants.services import notices
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import close_rows

from .stages import Plan, Stage, newest_stage


@dataclass(frozen=True)
class Message:
    """What some of the people receive at a stage."""

    people: list[User]
    words: notices.Words


@dataclass(frozen=True)
class Due:
    """Something to be done by a day. The kind of each notice is `series` followed by the stage; `key` is the notice's
    subject, `thread` what closes it (by default the key). `messages` returns who gets which words at a stage, on a day.
    """

    series: str
    key: str
    due_on: dt.date
    opened_on: dt.date
    plan: Plan
    messages: Callable[[Stage, dt.date], list[Message]]
    thread: str = ""
    case_number: str = ""

    def send(self, stage: Stage, day: dt.date) -> int:
        """Send the stage; returns how many notices."""
        return sum(
            notices.send(
                message.people,
                f"{self.series}{stage.name}",
                self.key,
                message.words,
                due_on=self.due_on,
                thread=self.thread,
                case_number=self.case_number,
                at_once=False,
                repeats=self.series,
            )
            for message in self.messages(stage, day)
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
    """Send the newest stage that has come and was not sent, for everything due; return how many notices."""
    staged = [
        (due, stage)
        for source in sources
        for due in source.due(day)
        if (stage := newest_stage(due.due_on, due.opened_on, due.plan, day))
    ]
    notices_sent = Notice.objects.filter(object_key__in={due.key for due, _stage in staged})
    already_sent = set(notices_sent.values_list("object_key", "kind", "due_on"))
    return sum(
        due.send(stage, day)
        for due, stage in staged
        if (due.key, f"{due.series}{stage.name}", due.due_on) not in already_sent
    )


def close_ended(sources: Iterable[Source]) -> int:
    """Close the reminders of what is done, gone or due on another day; return how many."""
    current = Notice.objects.filter(closed_at=None)
    ended = [pk for source in sources for pk in source.ended(current.filter(kind__startswith=source.kinds))]
    return close_rows(Notice.objects.filter(pk__in=ended))

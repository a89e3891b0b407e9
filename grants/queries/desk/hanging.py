"""Work that hangs on one post: what its holder has on the desk and nobody else of the same post."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from grants.models import Application
from grants.queries.scope import without_conflicts
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import others_in_post
from miaoli_kaohsiung.lib import clock

from .handovers import in_hand
from .queues import QUEUES, Queue
from .tasks import Task, rows_with_details

SHOWN = 30


@dataclass(frozen=True)
class Rest:
    """The rows of a queue that only this person finds; `tasks` holds the first."""

    queue: Queue
    number: int
    tasks: list[Task]


def cases_of(post: Post) -> QuerySet[Application]:
    """Return the cases under way that the holder of a case officer's post looks after."""
    if post.role != Role.CASE_OFFICER:
        return Application.objects.none()
    return in_hand(post.user, [post.county])


def rows_of(post: Post) -> list[tuple[Queue, QuerySet[Any]]]:
    """Return each queue in which something waits for this person alone, with these rows."""
    today, others, found = clock.today(), others_in_post(post), []
    for queue in QUEUES:
        rows = queue.of(post, post.user, today)
        if rows is None:
            continue
        for other in others:
            theirs = queue.of(post, other, today)
            if theirs is not None:
                rows = rows.exclude(pk__in=theirs.order_by().values("pk"))
        found.append((queue, rows))
    return found


def rests_of(post: Post, reader: User) -> list[Rest]:
    """Return what hangs on the post, for a reader without the cases in which the reader has an interest."""
    found = [(queue, without_conflicts(reader, rows)) for queue, rows in rows_of(post)]
    counted = [(queue, rows, number) for queue, rows in found if (number := rows.count())]
    return [
        Rest(
            queue,
            number,
            rows_with_details(None, [(queue, row.pk, None) for row in rows[:SHOWN]], {queue.kind: rows.model}),
        )
        for queue, rows, number in counted
    ]

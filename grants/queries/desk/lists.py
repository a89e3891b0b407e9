"""The whole list of one queue, in pages, and of which rows an officer can urge."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from grants.models import Deadline
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_view, posts_of
from miaoli_kaohsiung.notices.models import Notice

from .queues import BY_KIND, Queue
from .tasks import URGED, Task, arms_of, ordered, rows_with_details

PAGE_SIZE = 40


def _rows_of(user: User, kind: str, posts: Sequence[Post]) -> list[QuerySet[Any]]:
    return [rows for queue, rows in arms_of(user, posts) if queue.kind == kind]


def _queue_rows(user: User, kind: str) -> QuerySet[Any, Any] | None:
    """Return (kind, key, due) of all rows of one queue in their order, None if the user's posts have no such queue; that
    of another post than the present one is shown too, because the link of a mail may lead there.
    """
    rows = _rows_of(user, kind, posts_in_view(user)) or _rows_of(user, kind, posts_of(user))
    if not rows:
        return None
    mine = Q(pk__in=[])
    for found in rows:
        mine |= Q(pk__in=found.order_by().values("pk"))
    return ordered(BY_KIND[kind], rows[0].model.objects.filter(mine))


def queue_page(user: User, kind: str, number: Any) -> "Page[Any] | None":
    """Return a page of Tasks of one queue: due first, then the oldest. None if the user's posts have no such queue."""
    rows = _queue_rows(user, kind)
    if rows is None:
        return None
    page, model = Paginator(rows, PAGE_SIZE).get_page(number), rows.model
    chosen = [(BY_KIND[kind], pk, due) for _kind, pk, due in page.object_list]
    page.object_list = rows_with_details(user, chosen, {kind: model})
    return page


def queue_keys(user: User, kind: str) -> list[int]:
    """Return the keys of all rows of one queue, in its order."""
    rows = _queue_rows(user, kind)
    return [pk for _kind, pk, _due in rows] if rows is not None else []


def urgeable(queue: Queue, tasks: list[Task]) -> dict[int, tuple[int, dt.date | None]]:
    """Return by the row's pk: the open deadline that an officer may urge, and the day of the last urging. Two queries."""
    if not queue.urge or not tasks:
        return {}
    found = _urgeable_deadlines(queue, [task.pk for task in tasks])
    said = Notice.objects.filter(kind=URGED, object_key__in=[f"urge:{pk}" for pk in found.values()])
    last = dict(said.order_by("due_on").values_list("object_key", "due_on"))
    return {row: (pk, last.get(f"urge:{pk}")) for row, pk in found.items()}


def deadlines_of(queue: Queue, keys: list[int]) -> list[int]:
    """Return the deadlines for which the rows stand in a queue of missed ones."""
    return list(_urgeable_deadlines(queue, keys).values())


def _urgeable_deadlines(queue: Queue, keys: list[int]) -> dict[int, int]:
    path = "instalment_id" if queue.kind == "late_receipt" else "award_id"
    rows = Deadline.objects.filter(kind=queue.urge, done_on=None, **{f"{path}__in": keys})
    return dict(rows.values_list(path, "pk"))

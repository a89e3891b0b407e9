"""The whole list of one queue, and of which rows an officer can urge."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, F, Model, Q, QuerySet, Value

from grants.models import Deadline, Duty
from grants.queries.panels.ranking import progress
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_view, posts_of
from miaoli_kaohsiung.notices.models import Notice

from .arms import arms_of, in_order
from .queues import BY_KIND, QUEUES, Queue
from .sources import SOURCES, with_details
from .tasks import OF_RETURNS, OF_THE_STAFF, PROPOSE, TAKE_OVER, URGED, Task, route_of, task_of


@dataclass(frozen=True)
class QueueList:
    """One whole queue of a person: `rows` in plain values, due first, then the oldest; `task` makes one to work."""

    user: User
    queue: Queue
    model: type[Model]
    rows: QuerySet[Any, dict[str, Any]]

    @cached_property
    def _keys(self) -> list[int]:
        return list(self.rows.order_by().values_list("pk", flat=True))

    @cached_property
    def _route(self) -> str:
        return route_of(self.user, self.queue)

    @cached_property
    def _scored(self) -> dict[int, str]:
        return progress(self._keys) if self.queue.kind == PROPOSE else {}

    @cached_property
    def urgeable(self) -> dict[int, tuple[int, dt.date | None]]:
        """Return by the row's pk: the open deadline that an officer may urge, and the day of the last urging."""
        return _urgeable(self.queue, self._keys) if self.queue.urge else {}

    def task(self, row: dict[str, Any]) -> Task:
        return task_of(self.user, self.queue, row["_due"], row, self._route, self._scored)

    @property
    def varies(self) -> bool:
        """Whether a row may ask for something else than the others."""
        return self.model in (Duty, Post) or self.queue.kind in (*OF_THE_STAFF, PROPOSE)

    @property
    def case(self) -> str | None:
        """The path from a row to its case ("" if it is one), None if it belongs to none."""
        path = SOURCES[self.model].case
        return None if path is None else path.removesuffix("number")

    @property
    def has_amount(self) -> bool:
        return self.queue.kind in OF_RETURNS or SOURCES[self.model].amount is not None

    @property
    def has_age(self) -> bool:
        return SOURCES[self.model].since is not None


def queue_list(user: User, kind: str) -> QueueList | None:
    """Return one whole queue, None if the user's posts have no such queue; that of another post than the present one is
    shown too, because the link of a mail may lead there.
    """
    rows = _rows_of(user, kind, posts_in_view(user)) or _rows_of(user, kind, posts_of(user))
    if not rows:
        return None
    mine = Q(pk__in=[])
    for found in rows:
        mine |= Q(pk__in=found.order_by().values("pk"))
    queue, model = BY_KIND[kind], rows[0].model
    whole = in_order(queue, model.objects.filter(mine))
    return QueueList(user, queue, model, with_details(whole, "_kind", "_due", **_shown(queue, model)))


def _shown(queue: Queue, model: type[Model]) -> dict[str, Any]:
    """Return the columns that a list sorts and adds up by, beside those of the desk."""
    source = SOURCES[model]
    amount: Any = F(source.amount) if source.amount else Value(None, output_field=BigIntegerField())
    shown: dict[str, Any] = {"_sum": F("_owed") if queue.kind in OF_RETURNS else amount}
    if source.since:
        shown["_waits_since"] = F("_begun") if queue.kind == TAKE_OVER else F(source.since)
    return shown


def first_of(user: User, kind: str) -> Task | None:
    """Return what comes first in a queue, None if nothing waits there."""
    found = queue_list(user, kind)
    row = found.rows.first() if found else None
    return found.task(row) if found and row else None


def _rows_of(user: User, kind: str, posts: Sequence[Post]) -> list[QuerySet[Any]]:
    return [rows for _queue, rows in arms_of(user, posts, [queue for queue in QUEUES if queue.kind == kind])]


def _urgeable(queue: Queue, keys: Iterable[int]) -> dict[int, tuple[int, dt.date | None]]:
    found = _urgeable_deadlines(queue, keys)
    said = Notice.objects.filter(kind=URGED, object_key__in=[f"urge:{pk}" for pk in found.values()])
    last = dict(said.order_by("due_on").values_list("object_key", "due_on"))
    return {row: (pk, last.get(f"urge:{pk}")) for row, pk in found.items()}


def deadlines_of(queue: Queue, keys: Iterable[int]) -> list[int]:
    """Return the deadlines for which the rows stand in a queue of missed ones."""
    return list(_urgeable_deadlines(queue, keys).values())


def _urgeable_deadlines(queue: Queue, keys: Iterable[int]) -> dict[int, int]:
    path = "instalment_id" if queue.kind == "late_receipt" else "award_id"
    rows = Deadline.objects.filter(kind=queue.urge, done_on=None, **{f"{path}__in": list(keys)})
    return dict(rows.values_list(path, "pk"))

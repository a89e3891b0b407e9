"""The one statement of a desk. It is made out of up to 26 queues, which costs more than all else of the page, and is the same
for the same person, posts and day: so each process keeps the statements of those who asked last. What they find is never
kept.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model

from communities.queries import lapsed_posts
from grants.queries import payments
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import values_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.kept import Recent

from .arms import arms_of, waiting

# The statements of so many people, with some 20 kB each.
MOST = 400


@dataclass(frozen=True)
class Statement:
    """What finds the rows of a desk; `models` are those of the rows, by the kinds of the queues and in their order."""

    sql: str
    params: tuple[Any, ...]
    models: dict[str, type[Model]]

    def rows(self) -> list[tuple[Any, ...]]:
        """Return what `waiting` returns, as it is now."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


KEPT = Recent[Hashable, Statement](MOST)


def statement_of(user: User) -> Statement:
    """Return the statement of the person's desk of today, made anew if anything that it is made of has changed."""
    asked = made_of(user)
    found = KEPT.get(asked)
    if found is None:
        found = _made(user)
        # Not one that was begun before midnight and is of the day after.
        if made_of(user) == asked:
            KEPT.put(asked, found)
    return found


def made_of(user: User) -> Hashable:
    """Return all that a statement is made of: the day, the person, every post with every value, and how far is counted."""
    lapsed = tuple(post.pk for post in lapsed_posts(user))
    return clock.today(), values_of(user), lapsed, payments.MOST_COUNTED


def _made(user: User) -> Statement:
    arms = arms_of(user)
    models = {queue.kind: rows.model for queue, rows in arms}
    found = waiting(arms)
    if found is None:
        return Statement("", (), models)
    try:
        sql, params = found.query.sql_with_params()
    except EmptyResultSet:
        return Statement("", (), models)
    return Statement(sql, params, models)

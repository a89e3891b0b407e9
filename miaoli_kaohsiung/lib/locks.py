"""Rows that are locked until the block around ends, and the proof that they are.

A lock only protects what was read after it. So a row keeps the block (`transaction.atomic`, or a unit of work) in which
it was locked and read: once that block is over, by success or by failure, the row counts as unlocked.
"""

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import QuerySet

from .prepared import Prepared

Row = TypeVar("Row", bound=models.Model)
_MARK = "_locked_in"


class NotLockedError(RuntimeError):
    """A programmer's error: the row was not locked, or only in a block that is over."""


def lock(rows: QuerySet[Row], *, no_key: bool = False, **key: object) -> Row:
    """Return the one row of `rows` with that key, locked and as it stands now. Joined rows are not locked. With `no_key`
    others may write rows that point to it meanwhile: they wait for nothing that this one holds.

    A row that was pointed to another one while we waited no longer fits what was joined to it, and PostgreSQL leaves it
    out: it is asked for once more.
    """
    query = locking(rows, no_key=no_key)
    try:
        return _marked(query.get(**key))
    except ObjectDoesNotExist:
        return _marked(query.get(**key))


def lock_prepared(rows: Prepared[Row], **values: object) -> Row:
    """Return the one row that this statement finds, locked as `lock` does it. The statement takes the lock itself
    (`locking`), and is asked in an open block alone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotLockedError("A lock lasts as long as the block around it, and there is none.")
    row = rows.first(**values) or rows.first(**values)
    if row is None:
        raise ObjectDoesNotExist
    return _marked(row)


def locking(rows: QuerySet[Row], *, no_key: bool = False) -> QuerySet[Row]:
    """Return the rows as `lock` asks for them, for a prepared statement."""
    return rows.select_for_update(of=("self",), no_key=no_key)


def lock_first(rows: QuerySet[Row], *, no_key: bool = False) -> Row | None:
    """Return the first of `rows`, locked and as it stands now; None if there is none."""
    return next(iter(lock_all(rows[:1], no_key=no_key)), None)


def lock_all(rows: QuerySet[Row], *, no_key: bool = False) -> list[Row]:
    """Return all of `rows`, locked and as they stand now, in their order."""
    return [_marked(row) for row in locking(rows, no_key=no_key)]


def require_lock(row: models.Model) -> None:
    """Raise NotLockedError unless the row was locked in a block that is still open."""
    blocks = transaction.get_connection().atomic_blocks
    if not any(block is getattr(row, _MARK, None) for block in blocks):
        raise NotLockedError(f"{row._meta.label} {row.pk} is not locked: take it from lib.locks in this unit of work.")


def _marked(row: Row) -> Row:
    setattr(row, _MARK, transaction.get_connection().atomic_blocks[-1])
    return row

"""Writing the trail: one unit of work is one transaction, and its entries are written with it or not at all.

    with trail.unit_of_work(Actor(user, post.label)):
        application.title = title
        application.save()
        trail.record("application.save", application, before=old, after=new, case=application.number)

Entries wait in a buffer until the outermost unit ends, so that the lock that orders the chain is held for the last few
statements only. What may be about thousands of rows goes piece by piece (`in_pieces`), so that the buffer stays small.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import structlog
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock, sealed, undo

from . import actions
from .chain import clean_text, hash_of, json_safe
from .models import GENESIS, AuditEntry, AuditHead

# Any number, as long as nothing else takes the same advisory lock.
CHAIN_LOCK = 88_0990001
# Fields whose values are shortened in entries.
SHORTENED = frozenset({"bank_account", "account_number", "bank_account_number"})
# How many rows of the daily work are one piece.
PIECE = 500
# What fewer rows held is not worth looking for.
MANY = 100
Row = TypeVar("Row")


class OutsideUnitError(RuntimeError):
    """A write was recorded, or its actor asked for, outside a unit of work."""


@dataclass(frozen=True)
class Actor:
    """Who acts, and in which post. `user` is None for the portal itself."""

    user: Any
    post_label: str = ""
    name: str = ""

    @classmethod
    def system(cls, job: str) -> "Actor":
        """Return the portal itself as actor, for a job or a command."""
        return cls(None, job, "系統")

    @classmethod
    def daily(cls) -> "Actor":
        """Return the portal at its daily work."""
        return cls.system(_("每日工作"))

    @property
    def label(self) -> str:
        """The name as it reads today."""
        return self.name or str(self.user)


@dataclass
class _Unit:
    actor: Actor
    entries: list[dict[str, Any]] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("audit_unit", default=None)


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[Actor]:
    """One transaction with its entries in the trail. A unit inside another joins it as a savepoint; the outer actor
    stays.

    An exception discards what the unit wrote and recorded. A unit that records nothing is fine.
    """
    if (outer := _unit.get()) is not None:
        with _joined(outer):
            yield outer.actor
        return
    unit = _Unit(actor)
    token = _unit.set(unit)
    try:
        with transaction.atomic(), undo.on_exception():
            yield actor
            _flush(unit)
    finally:
        _unit.reset(token)


def in_pieces(rows: Iterable[Row], work: Callable[[list[Row]], int]) -> int:
    """Do `work` on some rows after the other, each time in a unit of work of the portal's own; return the sum of its answers.

    What is done stays done if a later piece fails, so `rows` must be what is still missing. Rows are read between the
    pieces: a queryset gives them by `iterator`, so that no more than a piece is held. Inside a unit all of it joins that.
    """
    left, count = iter(rows), 0
    while piece := list(islice(left, PIECE)):
        with unit_of_work(Actor.daily()):
            count += work(piece)
        if len(piece) >= MANY:
            # Rows that point at each other would stay until Python looks for them by itself, which it does the later
            # the more it holds.
            gc.collect()
    return count


@contextmanager
def _joined(unit: _Unit) -> Iterator[None]:
    kept = len(unit.entries)
    try:
        with transaction.atomic(), undo.on_exception():
            yield
    except BaseException:
        # The savepoint has rolled back what these entries describe; the outer unit may catch this and go on.
        del unit.entries[kept:]
        raise


def current_actor() -> Actor:
    """Return the actor of the unit of work; raises OutsideUnitError if there is none."""
    return _current().actor


def record(
    action: str,
    obj: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    case: str = "",
) -> None:
    """Note that the actor did `action` to `obj`; written when the outermost unit of work ends.

    `before` and `after` are field → value; reduce them with `changes` where only the differences matter. `case` is
    the number of the application or award whose history shows the entry. Raises OutsideUnitError,
    actions.UnknownActionError, TypeError for a value that is no plain data, ValueError for an object that has no key
    yet.
    """
    actions.require(action)
    unit = _current()
    actor = unit.actor
    if obj.pk is None:
        raise ValueError(f"{action}: save the {obj._meta.model_name} before it is recorded.")
    unit.entries.append(
        {
            "at": clock.now(),
            "portal_date": clock.today(),
            "actor_id": actor.user.pk if actor.user else None,
            "actor_name": clean_text(actor.label)[:150],
            "post_label": clean_text(actor.post_label)[:100],
            "action": action,
            "object_type": obj._meta.label_lower,
            "object_id": str(obj.pk),
            "object_label": clean_text(str(obj))[:200],
            "case": case,
            "before": None if before is None else json_safe(masked(before)),
            "after": None if after is None else json_safe(masked(after)),
            "request_id": _request(),
        }
    )


def _request() -> str:
    """Return the request's own number and, behind a blank, a mark of the address that it came from: the same for the same
    address, and made by nobody without the key. Addresses themselves stand in no entry.
    """
    known = structlog.contextvars.get_contextvars()
    mark = sealed.mark_of(str(known.get("ip") or ""))[:16]
    return f"{str(known.get('request_id', ''))[:47]} {mark}".rstrip()


def masked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with account numbers shortened, because an entry can never be removed and people who pay read
    the number where it is kept. The last four digits tell the old account from the new one.
    """
    return {name: _short(value) if name in SHORTENED else value for name, value in values.items()}


def _short(value: Any) -> Any:
    text = str(value or "")
    return f"…{text[-4:]}" if len(text) > 4 else value


def snapshot(obj: models.Model, *names: str) -> dict[str, Any]:
    """Return the named fields of `obj` (all if none is named) as plain data; a foreign key as the key it points to.

    Raises ValueError for a name that is no column.
    """
    columns = {item.name: item.attname for item in obj._meta.concrete_fields}
    known = columns | {attribute: attribute for attribute in columns.values()}
    if unknown := set(names) - set(known):
        raise ValueError(f"{obj._meta.model_name} has no field {', '.join(sorted(unknown))}.")
    return {name: json_safe(getattr(obj, known[name])) for name in names or columns}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both sides reduced to the fields that differ. A field that one side lacks is kept on the other alone."""
    old, new = json_safe(dict(before)), json_safe(dict(after))
    return (
        {name: value for name, value in old.items() if name not in new or new[name] != value},
        {name: value for name, value in new.items() if name not in old or old[name] != value},
    )


def _current() -> _Unit:
    if (unit := _unit.get()) is None:
        raise OutsideUnitError("Writes are recorded, and have an actor, inside trail.unit_of_work() only.")
    return unit


def _flush(unit: _Unit) -> None:
    """Link the buffered entries to the chain and write them, in the order in which they were recorded."""
    if not unit.entries:
        return
    _wait_for_rows(unit.actor)
    seq, last = before = _hold_head()
    for values in unit.entries:
        values |= {"seq": seq + 1, "prev_hash": last}
        values["hash"] = hash_of(values)
        seq, last = values["seq"], values["hash"]
    AuditEntry.objects.bulk_create(AuditEntry(**values) for values in unit.entries)
    if before == (0, GENESIS):
        AuditHead.objects.create(seq=seq, hash=last)
    else:
        AuditHead.objects.filter(id=1).update(seq=seq, hash=last)


def _hold_head() -> tuple[int, str]:
    """Take the chain's lock and return number and hash of the newest link. Sent at once, because everybody who writes
    waits for this lock; the second statement sees what was committed while the first one waited.
    """
    table = connection.ops.quote_name(AuditHead._meta.db_table)
    statements = f"SELECT pg_advisory_xact_lock(%s); SELECT seq, hash FROM {table} WHERE id = 1"  # noqa: S608 -- a table of ours
    with connection.cursor() as cursor:
        cursor.execute(statements, [CHAIN_LOCK])
        return cursor.fetchone() or (0, GENESIS)


def _wait_for_rows(actor: Actor) -> None:
    """Have the deferred foreign keys checked, and take the lock on the actor's row that those of the entries will ask for;
    all of it sent at once.

    They would be checked at commit, and wait there for row locks with the chain's lock held, while whoever holds those
    rows may be waiting for the chain. So all waiting is done before the lock is taken.
    """
    statements, values = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", []
    if actor.user is not None:
        table = connection.ops.quote_name(actor.user._meta.db_table)
        statements += f"; SELECT 1 FROM {table} WHERE id = %s FOR KEY SHARE"  # noqa: S608 -- a table of ours
        values = [actor.user.pk]
    with connection.cursor() as cursor:
        cursor.execute(statements, values)

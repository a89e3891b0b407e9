"""Moves of a status: tables that can be read, and the one function that writes a status.

A table is the single source of the buttons on the screen, the diagram in the docs and the tests. `move` locks the row,
reads it again, looks the move up, asks permission and guards, writes the status and leaves the entry in the trail. It
runs inside the caller's unit of work, so that the status changes together with all that belongs to it, or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grants.models import Application
from grants.permissions import holds
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused
from miaoli_kaohsiung.notices.services import close

# Each table has rows of one model, which its guards and lambdas name; here they are any.
Guard = Callable[[Any, User], Answer]
Row = TypeVar("Row", bound=models.Model)


class MoveRefused(Refused):
    """The move is not in the table, or a guard said no. `reason` is fit to show; answered with 403 or on the page."""


@dataclass(frozen=True)
class Move:
    """One row: from which statuses, to which, by whom. `roles` empty means that only a job makes it."""

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Table:
    """All moves of one kind of object. `case_of` leads from the object to the application whose scope decides."""

    name: str
    model: type[Any]
    statuses: type[models.TextChoices]
    moves: tuple[Move, ...]
    case_of: Callable[[Any], Application]
    # The notices that are over once the object has moved on, by their thread.
    threads: Callable[[Any], tuple[str, ...]]
    stamps: Callable[[Any], dict] = field(default=lambda obj: {})

    def __post_init__(self):
        for step in self.moves:
            actions.register(f"{self.name}.{step.name}", step.label)

    def __getitem__(self, name: str) -> Move:
        return next(move for move in self.moves if move.name == name)

    def answer(self, obj: Any, name: str, user: User | None) -> Answer:
        """Whether this user may make this move now; `user` None is a job."""
        step = self[name]
        if obj.status not in step.sources:
            return _not_now(self, obj, step)
        if user is None:
            return ALLOW if not step.roles else Answer(False, _("這個步驟要由承辦人員辦理。"))
        permitted = holds(user, self.case_of(obj), step.roles)
        if not permitted:
            return permitted
        return next((no for guard in step.guards if not (no := guard(obj, user))), ALLOW)

    def open_to(self, obj: Any, user: User) -> list[Move]:
        """The moves that this user can make now: the buttons."""
        return [step for step in self.moves if step.roles and self.answer(obj, step.name, user)]


def move(table: Table, obj: Row, name: str, user: User | None, **noted) -> Row:
    """Make the move; return the locked, fresh row or raise MoveRefused. `noted` goes into the trail with the status.

    What the object's notices asked for in its earlier status is over: they are closed.
    """
    row = table.model.objects.select_for_update().get(pk=obj.pk)
    answer = table.answer(row, name, user)
    if not answer:
        raise MoveRefused(answer.reason)
    before, row.status = row.status, table[name].target
    changed = {"status": row.status, **table.stamps(row)}
    for column, value in changed.items():
        setattr(row, column, value)
    row.save(update_fields=list(changed))
    trail.record(
        f"{table.name}.{name}",
        row,
        before={"status": before},
        after={"status": row.status, **noted},
        case=table.case_of(row).number,
    )
    close(table.threads(row))
    return row


def _not_now(table: Table, obj: Any, step: Move) -> Answer:
    label = table.statuses(obj.status).label
    return Answer(False, _("這一件目前是「%(status)s」，不能「%(move)s」。") % {"status": label, "move": step.label})

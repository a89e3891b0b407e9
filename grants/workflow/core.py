"""Moves of a status: tables that can be read, and the one place that writes a status.

A table is the single source of the buttons on the screen, the diagram in the docs and the tests. A service locks its
row (`lib.locks`) and asks for the move once: `permit` finds it and checks permission and guards, `Permit.make` writes
the status and the entry in the trail; `move` does both. It all runs inside the service's unit of work, so that the
status changes together with everything that belongs to it, or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grants.models import Application
from grants.permissions import helped_with, holds
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused
from miaoli_kaohsiung.lib.locks import require_lock
from miaoli_kaohsiung.notices.services import close

# A clerk who helped at the counter may still make these posts' moves in the case: the association's, and the township's
# forwarding, which decides nothing.
ASSOCIATION_SIDE = frozenset((Role.MEMBER, Role.TOWNSHIP_OFFICER))
# Each table has rows of one model, whose attributes its guards and lambdas use; the type here is any model.
Guard = Callable[[Any, User], Answer]
Row = TypeVar("Row", bound=models.Model)
Words = str | Promise
# Other columns of the row that are written with its status.
Columns = Mapping[str, Any] | None


class MoveRefused(Refused):
    """The move is not in the table, or a guard refused it. `reason` is fit to show; it becomes a 403 or a line on the
    page.
    """


@dataclass(frozen=True)
class Screen:
    """Where a move is made, and the words on the screens that lead there: first panels, buttons, the desk.

    `page` is the route of the page, empty for the object's own, and `form` the form of that page which makes the move;
    with `at_once` a button posts to `page` instead. `button` leads to the page (empty for the move's label). `queue` is
    the desk's queue in which the object waits for the move.
    """

    page: str = ""
    form: str = ""
    at_once: bool = False
    button: Words = ""
    queue: str = ""
    # Whether the move takes back or ends something; its button then stands after the others.
    grave: bool = False
    # What comes next: for whoever makes the move; for everybody else, if the words differ; and in a word or two.
    asks: Words = ""
    waits: Words = ""
    short: Words = ""


# For a move to which no screen leads.
NOWHERE = Screen()


@dataclass(frozen=True)
class Move:
    """One row: from which statuses, to which, by whom. With `roles` empty only a job makes it."""

    name: str
    label: Words
    sources: frozenset[str]
    target: str
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    screen: Screen = NOWHERE

    @property
    def button(self) -> str:
        """The words that lead to the place where the move is made."""
        return str(self.screen.button or self.label)

    @property
    def asks(self) -> str:
        return str(self.screen.asks)

    @property
    def waits(self) -> str:
        return str(self.screen.waits or self.screen.asks)


@dataclass(frozen=True)
class Table:
    """All moves of one kind of object. `case_of` leads from the object to the application whose scope decides.

    Among the moves from one status the usual one stands first. `page` is the route of the object's own page.
    """

    name: str
    model: type[Any]
    statuses: type[models.TextChoices]
    moves: tuple[Move, ...]
    case_of: Callable[[Any], Application]
    # The threads whose notices are over once the object has moved on.
    threads: Callable[[Any], tuple[str, ...]]
    page: str
    stamps: Callable[[Any], dict[str, Any]] = field(default=lambda obj: {})

    def __post_init__(self) -> None:
        for step in self.moves:
            actions.register(f"{self.name}.{step.name}", step.label)

    def __getitem__(self, name: str) -> Move:
        return next(move for move in self.moves if move.name == name)

    def usual(self, status: str | None) -> Move | None:
        """Return the usual move from a status: what comes next."""
        return next((move for move in self.moves if status in move.sources and move.screen.asks), None)

    def short(self, status: str | None) -> str:
        """Return what comes next in a word or two; "" if nothing does."""
        usual = self.usual(status)
        return str(usual.screen.short) if usual else ""

    def answer(self, obj: Any, name: str, user: User | None) -> Answer:
        """Return whether this user may make this move now; `user` None is a job."""
        step = self[name]
        if obj.status not in step.sources:
            return _not_now(self, obj, step)
        if user is None:
            return ALLOW if not step.roles else Answer(False, _("這個步驟要由承辦人員辦理。"))
        case = self.case_of(obj)
        permitted = holds(user, case, step.roles)
        if permitted and not ASSOCIATION_SIDE.intersection(step.roles):
            permitted = helped_with(user, case)
        if not permitted:
            return permitted
        return next((no for guard in step.guards if not (no := guard(obj, user))), ALLOW)

    def open_to(self, obj: Any, user: User) -> list[Move]:
        """Return the moves that this user can make now: the buttons."""
        steps = (step for step in self.moves if step.roles and obj.status in step.sources)
        return [step for step in steps if self.answer(obj, step.name, user)]

    def names_open_to(self, obj: Any, user: User) -> set[str]:
        return {step.name for step in self.open_to(obj, user)}


class StaleRowError(RuntimeError):
    """A programmer's error: the row in hand shows another status than the database, though it is locked."""


@dataclass(frozen=True)
class Permit(Generic[Row]):
    """A move that was asked for and allowed; its row stays locked until the move is made."""

    table: Table
    step: Move
    row: Row

    def make(self, columns: Columns = None, **noted: object) -> Row:
        """Write the status, and `columns` of the row in the same statement; `noted` goes into the trail.

        Closes the notices that asked for something in the object's earlier status.
        """
        table, row = self.table, cast("Any", self.row)
        require_lock(row)
        before = row.status
        changed = {"status": self.step.target, **table.stamps(row), **(columns or {})}
        if table.model.objects.filter(pk=row.pk, status=before).update(**changed) != 1:
            raise StaleRowError(f"{table.name} {row.pk} is not {before} any more.")
        for column, value in changed.items():
            setattr(row, column, value)
        trail.record(
            f"{table.name}.{self.step.name}",
            row,
            before={"status": before},
            after={"status": row.status, **noted},
            case=table.case_of(row).number,
        )
        close(table.threads(row))
        return self.row


def permit(table: Table, row: Row, name: str, user: User | None) -> Permit[Row]:
    """Ask for the move of a locked row. Raises MoveRefused, and NotLockedError for a row that is not locked."""
    require_lock(row)
    answer = table.answer(row, name, user)
    if not answer:
        raise MoveRefused(answer.reason)
    return Permit(table, table[name], row)


def move(table: Table, row: Row, name: str, user: User | None, columns: Columns = None, **noted: object) -> Row:
    """Ask for the move and make it; return the same row."""
    return permit(table, row, name, user).make(columns, **noted)


def _not_now(table: Table, obj: Any, step: Move) -> Answer:
    label = table.statuses(obj.status).label
    return Answer(False, _("這一件目前是「%(status)s」，不能「%(move)s」。") % {"status": label, "move": step.label})

"""The acts that can be done to several rows at once. The room that owns the rows registers them when its app is ready."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

Options = dict[str, Any]


@dataclass(frozen=True)
class Planned:
    """What will happen to one row; with `refusal` nothing will, and why. `detail` is kept with the confirmation and comes
    to the act among the options.
    """

    key: int
    label: str
    url: str
    words: str
    refusal: str = ""
    detail: Options = field(default_factory=dict)


def no_fields(user: User, keys: Sequence[int]) -> dict[str, forms.Field]:
    return {}


@dataclass(frozen=True)
class Kind:
    """`plan` says of the rows that the person may see what would happen to each, in the order in which it happens; `act`
    does it to one row, in a unit of work of its own, and returns what was done in words. It raises Refused where it
    cannot, and must be safe to repeat. `fields` are asked for with the confirmation and come to both as `options`, as
    JSON keeps them; until they are filled in, `options` are their initial values.
    """

    name: str
    label: Any
    text: Any
    roles: tuple[Role, ...]
    plan: Callable[[User, Sequence[int], Options], list[Planned]]
    act: Callable[[User, int, Options], str]
    fields: Callable[[User, Sequence[int]], dict[str, forms.Field]] = no_fields


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _KINDS[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    return _KINDS[name]

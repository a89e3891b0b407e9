"""The kinds of data that a county keeps itself.

A room registers the kinds of its data when its app is ready. All of them share one life: `services.propose`, then
`services.confirm` by another person. What differs stands in the kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.audit import actions
from miaoli_kaohsiung.audit.trail import Actor

if TYPE_CHECKING:
    from .models import Change


@dataclass(frozen=True)
class Row:
    """A line of the page that shows old and new side by side. An empty `before` means that there was none."""

    label: str | Promise
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    `name` is the prefix of its entries in the trail ("county.particulars"). `proposers` and `confirmers` are the posts
    that may, in the county of the change; for data of all counties these posts of every county may, so such a kind
    names administrators only. `apply` makes the change in the transaction that confirms it and raises Refused if it
    cannot be made any more. `page` is the address where the data stand. `preview` is a template that shows, given
    `change`, what the new values will look like. `current`, if given, returns the values in force now: if they differ
    from those when the change was proposed, it is refused and has to be proposed anew.

    Where somebody outside the office may propose, `reach` says which changes such a post sees (by default those of its
    county), and `checkers`, if there are any, are the posts of which one checks first what none of them proposed; a
    third person then confirms.
    """

    name: str
    label: str | Promise
    proposers: tuple[Role, ...]
    confirmers: tuple[Role, ...]
    rows: Callable[["Change"], list[Row]]
    apply: Callable[["Change", Actor], None]
    page: Callable[["Change"], str]
    preview: str = ""
    current: Callable[["Change"], Mapping[str, Any]] | None = None
    reach: Callable[[Post], Q] | None = None
    checkers: tuple[Role, ...] = ()

    def action(self, what: str) -> str:
        """Return the trail's code of what happens to such a change: propose, check, confirm, refuse or withdraw."""
        return f"{self.name}.{what}"


_WORDS = {"propose": _("提出"), "check": _("核對"), "confirm": _("確認"), "refuse": _("不同意"), "withdraw": _("收回")}
_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make the kind known and return it. Raises ValueError for a name that is taken."""
    if kind.name in _kinds:
        raise ValueError(f"The kind {kind.name!r} is registered already.")
    _kinds[kind.name] = kind
    for what, word in _WORDS.items():
        actions.register(kind.action(what), format_lazy("{}：{}", kind.label, word))
    return kind


def kind_of(change: "Change") -> Kind:
    """Return the kind of a change. Raises KeyError if nobody registers it any more."""
    return _kinds[change.kind]


def seen_by(post: Post) -> Q:
    """Return which changes the post sees: those that it decides in its county, and those that it proposes."""
    seen = Q(pk__in=[])
    for kind in _kinds.values():
        if post.role in (*kind.confirmers, *kind.checkers):
            seen |= Q(kind=kind.name) & in_county(post)
        elif post.role in kind.proposers:
            seen |= Q(kind=kind.name) & (kind.reach or in_county)(post)
    return seen


def in_county(post: Post) -> Q:
    return Q(county__in=["", post.county]) if post.county else Q()


def confirmed_by_role(role: str) -> list[str]:
    """Return the names of the kinds that a post confirms."""
    return [kind.name for kind in _kinds.values() if role in kind.confirmers]


def checked_by_role(role: str) -> list[str]:
    """Return the names of the kinds that a post checks before another person confirms."""
    return [kind.name for kind in _kinds.values() if role in kind.checkers]

"""The kinds of entries that an auditor chooses from, in groups: 撥款、收支與繳回, then each of its actions."""

from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from grants.queries.audit.sentences import words
from miaoli_kaohsiung.audit import actions

# Chosen for a whole group: this mark and the group's name.
WHOLE = "group:"
OTHER = "其他"


@cache
def _groups() -> dict[str, str]:
    """Return first part of an action → group."""
    return {prefix: group for group, prefixes in words()["groups"].items() for prefix in prefixes}


def group_of(action: str) -> str:
    """Return the group of an action; 其他 for one whose first part nobody put into a group."""
    return _groups().get(action.partition(".")[0], OTHER)


def kinds_by_group() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices: each group with all of it first, then its actions. Actions of the same words in one group are one."""
    found: dict[str, dict[str, str]] = {group: {} for group in [*words()["groups"], OTHER]}
    for code, label in actions.choices():
        found[group_of(code)].setdefault(label, code)
    return [
        (
            group,
            [
                (f"{WHOLE}{group}", _("全部：%(group)s") % {"group": group}),
                *((code, label) for label, code in rows.items()),
            ],
        )
        for group, rows in found.items()
        if rows
    ]


def of_kind(chosen: str) -> Q:
    """Return what narrows the trail to a choice of `kinds_by_group`."""
    if chosen.startswith(WHOLE):
        group = chosen.removeprefix(WHOLE)
        codes = [code for code, _label in actions.choices() if group_of(code) == group]
    else:
        label = actions.label_of(chosen)
        codes = [
            code for code, words_of in actions.choices() if words_of == label and group_of(code) == group_of(chosen)
        ]
    return Q(action__in=codes)


def of_amount(least: int | None, most: int | None, names: frozenset[str]) -> Q:
    """Return what narrows the trail to entries with an amount from `least` to `most`, on either side, under any of the names."""
    found = Q()
    for name in sorted(names):
        for side in ("before", "after"):
            found |= _within(f"{side}__{name}", least, most)
    return found


def _within(path: str, least: int | None, most: int | None) -> Q:
    # JSON compares kinds before values: true and lists stand above every number, texts below.
    bounds: dict[str, Any] = {
        f"{path}__gte": least if least is not None else 0,
        f"{path}__lte": most if most is not None else 10**15,
    }
    return Q(**bounds)

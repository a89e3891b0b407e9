"""One thing that an association asks to change, before it is stored and after."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from grants.enums import AmendedPart
from grants.models import AmendmentItem, Application, BudgetLine

# What is entered on a line that is to be added, besides its item and its amount.
OF_NEW = tuple(name for name in BudgetLine.FILLED_IN if name not in ("requested", "follows"))


@dataclass(frozen=True)
class Item:
    """What is and what is to be, in plain values as `AmendmentItem` keeps them. `line_id` is an award line's."""

    part: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    line_id: int | None = None

    def day(self, name: str) -> dt.date:
        return dt.date.fromisoformat(self.after[name])


def item_of(row: AmendmentItem) -> Item:
    return Item(row.part, row.before, row.after, row.line_id)


def new_line(case: Application, item: Item) -> BudgetLine:
    """Return the line that the item adds to the case, not saved."""
    values = {name: item.after[name] for name in OF_NEW if name in item.after}
    return BudgetLine(application=case, item=item.after["item"], requested=item.after["approved"], **values)


def keys_of(items: Iterable[Item | AmendmentItem], lines: Mapping[int, int]) -> list[str]:
    """Return the name by which findings call the line of each item, "" for what is no line. `lines`: line of the award →
    line of the case. Lines that are to be added are counted down from -1.
    """
    new = itertools.count(1)
    return [
        f"-{next(new)}" if item.part == AmendedPart.NEW_LINE else str(lines.get(item.line_id or 0, ""))
        for item in items
    ]

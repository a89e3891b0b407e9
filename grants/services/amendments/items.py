"""One thing that an association asks to change, before it is stored and after."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grants.models import AmendmentItem


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

"""The cells of a file: what `BoundRow.get_cell_value` of django-tables2 answers, many rows at a time.

That asks for each cell anew which arguments the column's function takes and how its value is reached; here it is asked
once for a column, so that a file of many thousand rows takes seconds.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Model
from django_tables2.columns import BoundColumn
from django_tables2.utils import A, signature

Read = Callable[[Any], Any]


def reader(table: tables.Table, column: BoundColumn) -> Read:
    """Return the function that answers what a file has of a record in this column."""
    function = column.value
    if getattr(function, "__func__", None) is tables.Column.value:
        # The base only hands on to what the page shows.
        function = column.render
    wanted, rest = signature(function)
    offered: dict[str, Any] = {"column": column.column, "bound_column": column, "table": table}
    given = {name: what for name, what in offered.items() if rest or name in wanted}
    both = tuple(name for name in ("value", "record") if rest or name in wanted)
    resolve = _Resolver(column.accessor)
    call = partial(function, **given)
    empty = column.column.empty_values

    def read(record: Any) -> Any:
        value = resolve(record)
        if value in empty:
            return None
        if both == ("value",):
            return call(value=value)
        return call(**{name: value if name == "value" else record for name in both})

    return read


class _Resolver:
    """Reaches a column's value in a record: a key of plain values, or a way through models, where a field with choices
    gives the words of the choice.
    """

    def __init__(self, accessor: Any) -> None:
        self.accessor = A(accessor)
        self.shown: dict[type, bool] = {}

    def __call__(self, record: Any) -> Any:
        if isinstance(record, dict) and self.accessor in record:
            return record[self.accessor]
        try:
            owner, name = self.accessor.penultimate(record)
            if isinstance(owner, Model) and self._has_choices(record, owner, name):
                return getattr(owner, f"get_{name}_display")()
            return self.accessor.resolve(record)
        except (LookupError, ValueError, AttributeError, TypeError, ObjectDoesNotExist):
            return None

    def _has_choices(self, record: Any, owner: Model, name: str) -> bool:
        kind = type(owner)
        if kind not in self.shown:
            try:
                field = self.accessor.get_field(record)
            except FieldDoesNotExist:
                field = None
            self.shown[kind] = bool(getattr(field, "choices", ())) and hasattr(owner, f"get_{name}_display")
        return self.shown[kind]

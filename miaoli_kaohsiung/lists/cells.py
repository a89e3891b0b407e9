"""The cells of a list, on its page and in its file: what `BoundRow.get_cell` and `get_cell_value` of django-tables2 answer,
many rows at a time.

Those ask for each cell anew which arguments the column's function takes, how its value is reached and how it looks; here
it is asked once for a column, so that a page of forty rows and a file of many thousand are drawn in a fraction of the time.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache, partial, partialmethod
from inspect import getattr_static
from operator import methodcaller
from typing import Any

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Model
from django.utils.encoding import force_str
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn
from django_tables2.utils import A, signature

from miaoli_kaohsiung.lib.markup import filled

Read = Callable[[Any], Any]
Draw = Callable[[Any], SafeString]
# Values that are compared by what they are.
_KEPT = (str, int, dt.date)


def row_drawer(table: tables.Table) -> Draw:
    """Return the function that draws the cells of a record. The first heads its row, the others name their column, as a
    phone shows them.
    """
    cells = [_drawer(table, column, heads=place == 0) for place, column in enumerate(table.columns)]
    pattern, draws = "".join([cell for cell, _draw in cells]), [draw for _cell, draw in cells]
    return lambda record: filled(pattern, [words for draw in draws for words in draw(record)])


def _drawer(table: tables.Table, column: BoundColumn, *, heads: bool) -> tuple[str, Callable[[Any], tuple[Any, ...]]]:
    """Return the markup of a column's cells with gaps, and the function that gives what stands there for a record."""
    read, look = _reader(table, column, column.render, column.default, kept={}), column.attrs["td"].as_html()
    usual = (
        format_html('th scope="row" {}', look) if heads else format_html('td data-label="{}" {}', column.header, look)
    )
    # What says something of the cell itself, such as the title of one that is cut.
    of_cell = {name: what for name, what in column.column.attrs.get("td", {}).items() if callable(what)}
    begin = usual.replace("{", "{{").replace("}", "}}") + "".join([f' {name}="{{}}"' for name in of_cell])
    # No line break inside the cell: an empty one is not shown on a phone.
    cell = f"<{begin}>{{}}</{'th' if heads else 'td'}>"

    def draw(record: Any) -> tuple[Any, ...]:
        shown = read(record)
        return *[what(shown) for what in of_cell.values()], localize(shown)

    return cell, draw


def reader(table: tables.Table, column: BoundColumn) -> Read:
    """Return the function that answers what a file has of a record in this column."""
    function = column.value
    if getattr(function, "__func__", None) is tables.Column.value:
        # The base only hands on to what the page shows.
        function = column.render
    return _reader(table, column, function, None)


def _reader(
    table: tables.Table,
    column: BoundColumn,
    function: Callable[..., Any],
    default: Any,
    kept: dict[Any, Any] | None = None,
) -> Read:
    """Return the function that answers what `function` says of a record in this column, `default` of an empty one. What is
    said of a value alone is said once for all records that have it, as long as the page is drawn, if `kept` is given.
    """
    wanted, rest = _asked_for(getattr(function, "__func__", function))
    offered: dict[str, Any] = {"column": column.column, "bound_column": column, "table": table}
    given = {name: what for name, what in offered.items() if rest or name in wanted}
    both = tuple(name for name in ("value", "record") if rest or name in wanted)
    resolve, empty = _Resolver(column.accessor), column.column.empty_values
    call = partial(function, **given) if given else function
    plain = getattr(function, "__func__", None) is tables.Column.render

    def read(record: Any) -> Any:
        value = resolve(record)
        if value in empty:
            return default
        if plain:
            return value
        if both == ("value",):
            if kept is None or type(value) not in _KEPT:
                return call(value=value)
            if value not in kept:
                kept[value] = call(value=value)
            return kept[value]
        return call(**{name: value if name == "value" else record for name in both})

    return read


@lru_cache(maxsize=1_000)
def _asked_for(function: Callable[..., Any]) -> tuple[tuple[str, ...], str | None]:
    """Return the arguments that a function of a class takes, and the name of those that it takes whatever they are called."""
    wanted: tuple[tuple[str, ...], str | None] = signature(function)
    return wanted


class _Resolver:
    """Reaches a column's value in a record: a key of plain values, or a way through models, where a field with choices
    gives the words of the choice.
    """

    def __init__(self, accessor: Any) -> None:
        self.accessor = A(accessor)
        *self.way, self.last = self.accessor.bits
        self.ends: dict[type, Read] = {}

    def __call__(self, record: Any) -> Any:
        if isinstance(record, dict) and self.accessor in record:
            return record[self.accessor]
        try:
            owner = record
            for name in self.way:
                owner = _of(owner, name)
            if type(owner) not in self.ends:
                self.ends[type(owner)] = self._end(record, owner)
            return self.ends[type(owner)](owner)
        except (LookupError, ValueError, AttributeError, TypeError, ObjectDoesNotExist):
            return None

    def _end(self, record: Any, owner: Any) -> Read:
        """Return the function that reads the last step from an owner of this type. The words of choices are asked for
        once: Django would translate all of them for each row.
        """
        display = getattr_static(owner, f"get_{self.last}_display", None)
        field = _field(self.accessor, record)
        if not isinstance(owner, Model) or display is None or not getattr(field, "choices", ()):
            return lambda owner: _of(owner, self.last)
        if not isinstance(display, partialmethod):  # the model says it in its own way
            return methodcaller(f"get_{self.last}_display")
        words = dict(field.flatchoices)
        read: dict[Any, Any] = {}

        def said(owner: Any) -> Any:
            value = getattr(owner, self.last)
            if value not in read:
                read[value] = force_str(words.get(value, value), strings_only=True)
            return read[value]

        return said


def _field(accessor: A, record: Any) -> Any:
    try:
        return accessor.get_field(record)
    except FieldDoesNotExist:
        return None


def _of(owner: Any, name: str) -> Any:
    """Return what stands under the name. Of a model it is an attribute: django-tables2 looks for a key first, and fails."""
    value = getattr(owner, name) if isinstance(owner, Model) else A(name).resolve(owner)
    return A(name).resolve(owner) if callable(value) else value

"""Statements that Django builds once in a process: what is asked at every request differs in its values alone.

Building a statement out of a queryset takes several times as long as sending it. A `Prepared` has it built the first
time; from then on only the values are put in. Each time the database is asked: no row and no answer is kept.
"""

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from .kept import Recent

Row = TypeVar("Row")

# Statements that one `Prepared` keeps, each of another shape.
MOST_SHAPES = 200


class Given:
    """Stands in the statement for the value of this name, or for the one at a place of it."""

    def __init__(self, name: str, place: int | None = None) -> None:
        self.name = name
        self.place = place

    def of(self, values: Mapping[str, Any]) -> Any:
        return values[self.name] if self.place is None else values[self.name][self.place]


class Built(NamedTuple):
    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    # Of each column, how its values are made into Python's.
    converters: dict[int, Any]


class Prepared(Generic[Row]):
    """The rows of `build(*shape, **values)`, a function that returns a queryset out of its arguments and of nothing else.

    Of the values it may only make parts of the statement (`filter(pk=case)`): it gets them as expressions. A value is given
    as the database knows it (the key of a row, not the row); a tuple as so many values (`filter(county__in=counties)`).
    What decides how the statement is built is the shape. For each shape and length there is a statement of its own.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._kept = Recent[Hashable, Built](MOST_SHAPES)

    def __call__(self, *shape: Hashable, **values: Any) -> list[Row]:
        """Return the rows as they are now."""
        try:
            built = self._built_for(shape, values)
        except EmptyResultSet:
            return []
        # Other threads send the same statement over connections of their own.
        compiler: Any = copy(built.compiler)
        compiler.connection = connections[built.queryset.db]
        params = tuple(param.of(values) if isinstance(param, Given) else param for param in built.params)
        compiler.as_sql = lambda *_args, **_kwargs: (built.sql, params)
        compiler.get_converters = lambda _columns: built.converters
        rows = built.queryset.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(rows)

    def first(self, *shape: Hashable, **values: Any) -> Row | None:
        """Return the first of the rows; to be asked where there are few."""
        return next(iter(self(*shape, **values)), None)

    def _built_for(self, shape: tuple[Hashable, ...], values: Mapping[str, Any]) -> Built:
        lengths = tuple((name, len(value) if isinstance(value, tuple) else None) for name, value in values.items())
        built = self._kept.get((shape, lengths))
        if built is None:
            queryset = self._build(*shape, **{name: _expression(name, length) for name, length in lengths})
            compiler = queryset.query.get_compiler(queryset.db)
            sql, params = compiler.as_sql()
            columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
            built = Built(queryset, compiler, sql, params, compiler.get_converters(columns))
            self._kept.put((shape, lengths), built)
        return built


def _expression(name: str, length: int | None) -> Value | list[Value]:
    return Value(Given(name)) if length is None else [Value(Given(name, place)) for place in range(length)]

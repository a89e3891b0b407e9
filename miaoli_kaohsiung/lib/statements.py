"""A query as SQL: what is left of a long one that is sent again and again. `lib.prepared` keeps a statement with what Django
built it out of, so that values can be put in and objects come out; of a union of many queries that is far too much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Statement:
    """SQL, its parameters, the names of its columns and how Django reads them; no SQL finds nothing."""

    sql: str = ""
    params: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    read: tuple[tuple[int, Any, Any], ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Self:
        """Return the statement of a query by `values` or `values_list`."""
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return cls()
        found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        read = tuple((place, convert, column) for place, (converts, column) in found.items() for convert in converts)
        return cls(sql, tuple(params), tuple(rows.query.selected or ()), read)

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows as they are now."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._as_django(row) for row in found] if self.read else found

    def named(self) -> Iterator[dict[str, Any]]:
        """Return the rows by the names of their columns."""
        return (dict(zip(self.names, row, strict=True)) for row in self.rows())

    def _as_django(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(row)
        for place, convert, column in self.read:
            found[place] = convert(found[place], column, connection)
        return tuple(found)

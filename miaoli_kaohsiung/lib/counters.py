"""The store in which limits count and used codes are remembered: a table of its own that never loses a living row."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class CounterCache(DatabaseCache):
    """Django's cache in a table, which above MAX_ENTRIES removes rows that have ended, and no others.

    Django's own then also drops the third with the smallest keys, so whoever fills the table wipes the counters of
    sign-in. Here the table grows with the number of counters that are in force, each of which a limit bounds.
    """

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        connection = connections[db]
        table: str = self._table  # type: ignore[attr-defined]  # of Django, not in its types
        cursor.execute(
            f"DELETE FROM {connection.ops.quote_name(table)} WHERE expires < %s",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(now)],
        )

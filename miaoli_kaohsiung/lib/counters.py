"""The store that counts limits and remembers used codes: a table of its own that never loses a row still in force."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class CounterCache(DatabaseCache):
    """Django's cache in a table, except that above MAX_ENTRIES it removes only rows that have expired.

    Django's own then also drops the third with the smallest keys, so anybody who fills the table wipes the counters of
    sign-in. Here the table grows with the number of counters in force, each of which is bounded by a limit.
    """

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        connection = connections[db]
        table: str = self._table  # type: ignore[attr-defined]  # of Django, not in its types
        cursor.execute(
            f"DELETE FROM {connection.ops.quote_name(table)} WHERE expires < %s",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(now)],
        )

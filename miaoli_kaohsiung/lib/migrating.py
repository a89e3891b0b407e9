"""Migrating while people work: a migration begins at a moment at which nobody is in the middle of anything.

A migration locks one table after the other, and so does a request. Where each waits for a table that the other one holds,
PostgreSQL ends one of the two, and that may be the request. So each migration first takes all tables of the portal at once, and
where one is in use it lets go of all and tries again: it never waits while it holds anything. Requests wait until it is done.
"""

import time
from typing import Any, Self

from django.db import OperationalError, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

PATIENCE_SECONDS = 300
_REST_SECONDS = 0.02
_OURS = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY 1"


class InUseError(OperationalError):
    """Something was at work all the time that a migration would have to wait for."""


class PatientSchemaEditor(DatabaseSchemaEditor):
    """Holds every table of the portal before it changes the first one. A migration that is not atomic looks after itself."""

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration:
            try:
                self._take_all()
            except BaseException as error:
                self.atomic.__exit__(type(error), error, error.__traceback__)
                raise
        return self

    def _take_all(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._taken():
            if time.monotonic() > until:
                raise InUseError(
                    f"The database was in use for {PATIENCE_SECONDS} s without a pause (a print run, a backup by pg_dump?). "
                    "Nothing of this migration was done; run migrate again later."
                )
            time.sleep(_REST_SECONDS)

    def _taken(self) -> bool:
        """Take all tables, or none where somebody uses one."""
        with self.connection.cursor() as cursor:
            cursor.execute(_OURS)
            tables = ", ".join(name for (name,) in cursor.fetchall())
            if not tables:
                return True
            try:
                with transaction.atomic(self.connection.alias):
                    cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE NOWAIT")
            except OperationalError as error:
                if _sqlstate(error) != "55P03":
                    raise
                return False
        return True


def _sqlstate(error: Any) -> str | None:
    cause = error.__cause__
    return getattr(cause, "pgcode", None) or getattr(cause, "sqlstate", None)

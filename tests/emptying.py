"""Empty the database after a test of real transactions: only the tables that hold something.

Django's own flush truncates all hundred of them, which makes a new file for each and each index, and makes the rows of content
types and permissions anew; that takes longer than most of these tests.
"""

from functools import cache

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected
from psycopg2.sql import SQL, Identifier

from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts import counties

# They follow from the models, and no test writes them.
STAYING = (ContentType._meta.db_table, Permission._meta.db_table)


def empty() -> None:
    """Leave the tables as the migrations leave them."""
    # A request of a page that was just closed may still be under way, and lock tables in another order.
    for last in (False, False, False, True):
        try:
            _delete_all()
            break
        except OperationalError as error:
            if last or not isinstance(error.__cause__, DeadlockDetected):
                raise
    counties.load_filed()
    load_townships()


def _delete_all() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The trail and the ledger refuse by trigger that rows go.
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Whoever still writes is waited for.
        tables = _tables()
        cursor.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(SQL(", ").join(map(Identifier, tables))))
        filled = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        cursor.execute(SQL(" UNION ALL ").join(filled.format(SQL("%s"), Identifier(table)) for table in tables), tables)
        for (table,) in cursor.fetchall():
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))


@cache
def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    # Counters of limits and forms that were kept lie in tables without a model.
    caches = {cache["LOCATION"] for cache in settings.CACHES.values() if "LOCATION" in cache}
    return sorted({*names, *caches & set(connection.introspection.table_names())} - set(STAYING))

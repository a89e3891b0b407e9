"""The sums of the overviews: triggers add a row for each movement, and each night the rows of a sum become one."""

from django.db import connection

from grants.models import MoneySum

_FOLD = """
WITH gone AS (
    DELETE FROM grants_moneysum RETURNING envelope_id, programme_id, kind, period, amount, rows
)
INSERT INTO grants_moneysum (envelope_id, programme_id, kind, period, amount, rows)
SELECT envelope_id, programme_id, kind, period, sum(amount), sum(rows) FROM gone
GROUP BY envelope_id, programme_id, kind, period HAVING sum(amount) <> 0 OR sum(rows) <> 0
"""


def fold() -> int:
    """Make one row of all rows of a sum; return how many fewer there are. One statement: who reads meanwhile sees either
    all of the old rows or the new ones, and what others write meanwhile stays for the next night.
    """
    before = MoneySum.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
        after: int = cursor.rowcount
    return before - after

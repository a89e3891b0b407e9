"""Whether a post that changed something left an entry in the trail (R27): for the tests that press every button."""

from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

ENTRY = 'INSERT INTO "audit_auditentry"'
WRITES = ("INSERT INTO", "UPDATE", "DELETE FROM")
# Tables whose rows are no acts of anybody, each with the reason why no entry tells of them.
NO_ACTS = {
    "django_session": "who is signed in, and which page a save came from",
    "portal_counters": "counters of limits",
    "portal_cache": "what may be lost",
    "notices_notice": "the own inbox: what was sent, read and closed; the event itself has an entry",
    "usersessions_usersession": "the devices of a sign-in, which has an entry",
    "accounts_signinfailures": "counts that become an entry after a minute",
    "audit_audithead": "the trail itself",
}


# The status of a post and the statements that it ran.
Pressed = tuple[int, list[str]]


def press(client: Client, url: str, fields: dict[str, str]) -> Pressed:
    """Post, and take back whatever came of it."""
    body, cookies = urlencode(fields), {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = client.generic("POST", url, body, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    # Signing out is a button too; the next one is pressed by the same person again.
    client.cookies = SimpleCookie(cookies)
    return answer.status_code, [query["sql"] for query in asked]


def unrecorded(pressed: Pressed) -> list[str]:
    """The statements of a successful post that changed rows without an entry."""
    status, statements = pressed
    changed = [sql for sql in statements if sql.startswith(WRITES) and not _is_no_act(sql)]
    recorded = any(sql.startswith(ENTRY) for sql in statements)
    return [] if recorded or status >= 400 else changed


def _is_no_act(sql: str) -> bool:
    return any(f'"{table}"' in sql[:80] or f" {table} " in sql[:80] for table in NO_ACTS)

"""What the portal needs to do its work, looked at one by one, for /readyz. No answer names a host, a path or an error."""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection

from miaoli_kaohsiung.files import scanning
from miaoli_kaohsiung.lib import clock, office_calendar, pdf, rights
from miaoli_kaohsiung.notices.queries import oldest_waiting

# Anybody may ask; whoever asks within these seconds gets the answer of before.
SECONDS_KEPT = 5
SECONDS_FOR_BROKER = 2
LATE = dt.timedelta(minutes=10)
# Below the first nothing more can be taken in; below the second somebody should make room.
FULL, TIGHT = 200 * 1024**2, 2 * 1024**3


@dataclass(frozen=True)
class Check:
    """`needed`: without it no host should send anybody here."""

    look: Callable[[], str]
    needed: bool = False


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def migrations() -> str:
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def role() -> str:
    """Whether the database lets the portal read and write rows alone."""
    with connection.cursor() as cursor:
        return "too many rights" if rights.excess(cursor) else "ok"


def broker() -> str:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=SECONDS_FOR_BROKER) as asked:
        asked.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS_FOR_BROKER)
    return "ok"


def outbox() -> str:
    """The oldest notice that should have left by now."""
    oldest = oldest_waiting()
    return "late" if oldest and clock.now() - oldest > LATE else "ok"


def disk() -> str:
    free = shutil.disk_usage(settings.VAR_DIR).free
    return "full" if free < FULL else "tight" if free < TIGHT else "ok"


def fonts() -> str:
    return "missing" if pdf.problems() else "ok"


def calendar() -> str:
    """Next year's days off, which are published in the summer before."""
    today = clock.today()
    known = office_calendar.of().covers(today.year + 1)
    return "ok" if known else "missing" if today.month >= 10 else "not yet"


def scanner() -> str:
    if not scanning.configured():
        return "not configured"
    scanning.ping()
    return "ok"


CHECKS: Mapping[str, Check] = {
    "database": Check(database, needed=True),
    "migrations": Check(migrations, needed=True),
    "role": Check(role),
    "disk": Check(disk, needed=True),
    "broker": Check(broker),
    "outbox": Check(outbox),
    "fonts": Check(fonts),
    "calendar": Check(calendar),
    "scanner": Check(scanner),
}
# What a needed check may say while the portal still does its work.
GOOD_ENOUGH = {"ok", "tight"}
_kept: tuple[float, dict[str, str]] | None = None


def results() -> dict[str, str]:
    """Return what each check says; of the last seconds, because anybody may ask."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > SECONDS_KEPT:
        _kept = (now, {name: _said(check) for name, check in CHECKS.items()})
    return _kept[1]


def forget() -> None:
    global _kept
    _kept = None


def is_ready(found: Mapping[str, Any]) -> bool:
    return all(found[name] in GOOD_ENOUGH for name, check in CHECKS.items() if check.needed)


def _said(check: Check) -> str:
    try:
        return check.look()
    except (DatabaseError, OSError, scanning.ScannerDownError):
        return "down"
    except Exception:  # noqa: BLE001  # each kind of broker has errors of its own, and a check must never be an error of the page
        return "down"

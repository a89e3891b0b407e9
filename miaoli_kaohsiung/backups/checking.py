"""Whether a database and its stored files agree with themselves: asked of a restored backup, and of the portal itself."""

import hashlib
import io
from dataclasses import dataclass, field

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from miaoli_kaohsiung.audit.models import GENESIS, AuditEntry, AuditHead
from miaoli_kaohsiung.files.models import StoredFile

STORED_FILE = "stored file: "


@dataclass
class Answer:
    """`rows` of each table, the trail's `head` as "number:hash" and when it was written, and what is wrong."""

    rows: dict[str, int]
    head: str
    written: str
    problems: list[str] = field(default_factory=list)


def check() -> Answer:
    """Read the whole trail, every stored file and every figure of the ledger."""
    head = AuditHead.objects.first() or AuditHead(seq=0, hash=GENESIS)
    answer = Answer(rows(), f"{head.seq}:{head.hash}", _written(head.seq))
    for command in ("verify_audit", "reconcile"):
        said = io.StringIO()
        try:
            call_command(command, stdout=said)
        except CommandError as error:
            answer.problems.append(f"{command}: {said.getvalue()}{error}")
    answer.problems += [f"{STORED_FILE}{path}" for path in unsound_files()]
    if _pending():
        answer.problems.append("The database is of another release: run migrate.")
    return answer


def rows() -> dict[str, int]:
    """Return how many rows each table has, all counted at one moment."""
    tables = sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    )
    counted = " UNION ALL ".join(
        f"SELECT '{table}', count(*) FROM {connection.ops.quote_name(table)}"  # noqa: S608 - names of our own models
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(counted)
        return dict(cursor.fetchall())


def unsound_files() -> list[str]:
    """Return the paths of stored files whose bytes are gone or are not those of their row."""
    found = []
    for sha256, path in StoredFile.objects.order_by("path").values_list("sha256", "path").iterator():
        try:
            with default_storage.open(path) as file:
                sound = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            sound = False
        if not sound:
            found.append(path)
    return found


def _written(seq: int) -> str:
    entry = AuditEntry.objects.filter(seq=seq).first()
    return entry.at.isoformat() if entry else ""


def _pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

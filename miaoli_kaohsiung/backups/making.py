"""Making a backup: the database by pg_basebackup, then the files, so that no row of the backup lacks its file."""

import re
import shutil
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.db import connection

from miaoli_kaohsiung.audit.models import GENESIS, AuditHead
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .folder import BackupSet, Folder
from .programs import BackupError, run

_FIRST_SEGMENT = re.compile(r"^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)", re.MULTILINE)
# From this release on PostgreSQL copies only what changed, if it keeps a summary of changes.
_INCREMENTAL_SINCE = 17_00_00


@dataclass
class Made:
    """The set, and the stored files whose bytes are gone or are not those of their row: `unsound` names their paths."""

    set: BackupSet
    unsound: list[str] = field(default_factory=list)


def make(folder: Folder, *, whole: bool = False) -> Made:
    """Make one set: of what changed since the last one where the server can and `whole` is not asked, else of everything.

    Raises BackupError, and leaves nothing that looks like a backup, when the database could not be copied or the copy
    does not hold.
    """
    _remove_broken_off(folder)
    earlier = folder.all()
    before = earlier[-1] if earlier and not whole and _keeps_summary() else None
    head = AuditHead.objects.first() or AuditHead(seq=0, hash=GENESIS)
    name = folder.begin(clock.now())
    try:
        _copy_database(folder, name, before)
    except BackupError:
        shutil.rmtree(folder.sets / name)
        if before is None:
            raise
        # The summary may not reach back to the last set any more.
        return make(folder, whole=True)
    finished = clock.now().isoformat()
    rows, unsound = copy_files(folder)
    folder.write_list(name, rows)
    segment = _first_segment(folder, name)
    made = BackupSet(name, before.name if before else "", finished, f"{head.seq}:{head.hash}", segment, len(rows))
    folder.end(made)
    return Made(made, unsound)


def copy_files(folder: Folder) -> tuple[list[tuple[str, str]], list[str]]:
    """Copy what the folder does not have yet; return (SHA-256, path) of every stored file, and the unsound paths."""
    rows, unsound = [], []
    for sha256, path in StoredFile.objects.order_by("path").values_list("sha256", "path").iterator(chunk_size=2000):
        if folder.object(sha256).exists() or copy_file(folder, sha256, path):
            rows.append((sha256, path))
        else:
            unsound.append(path)
    return rows, unsound


def copy_file(folder: Folder, sha256: str, path: str) -> bool:
    """Copy one stored file; False if it is gone or its bytes are others."""
    try:
        with default_storage.open(path) as file:
            return folder.take_in(file, sha256)
    except FileNotFoundError:
        return False


def _copy_database(folder: Folder, name: str, before: BackupSet | None) -> None:
    place = folder.database(name)
    more = [f"--incremental={folder.database(before.name) / 'backup_manifest'}"] if before else []
    run(
        "pg_basebackup",
        "-D",
        place,
        "--checkpoint=fast",
        "--wal-method=stream",
        "--manifest-checksums=SHA256",
        "-w",
        *more,
    )
    run("pg_verifybackup", "--quiet", place)


def _keeps_summary() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('summarize_wal', true)")
        version, summary = cursor.fetchone()
    return bool(version >= _INCREMENTAL_SINCE and summary == "on")


def _first_segment(folder: Folder, name: str) -> str:
    found = _FIRST_SEGMENT.search((folder.database(name) / "backup_label").read_text(encoding="utf-8"))
    if found is None:
        raise BackupError("pg_basebackup left no backup_label that names its first segment.")
    return found[1]


def _remove_broken_off(folder: Folder) -> None:
    whole = {each.name for each in folder.all()}
    for place in folder.sets.iterdir():
        if place.name not in whole:
            shutil.rmtree(place)

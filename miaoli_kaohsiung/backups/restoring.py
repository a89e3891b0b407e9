"""Restoring into an empty place, and looking whether what came back is the portal."""

import datetime as dt
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from django.db import connection

from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib.postgres import PostgresServer, give_to_server

from .folder import BackupSet, Folder
from .programs import BackupError, run

# A year's changes may have to be worked off.
_PATIENCE = 4 * 3600


@dataclass
class Restored:
    """A server on the restored database, at `url`, and the stored files under `place`/files; `missing` names the paths of
    files that the backup does not have.
    """

    set: BackupSet
    place: Path
    url: str
    missing: list[str] = field(default_factory=list)


@contextmanager
def restored(folder: Folder, place: Path, until: dt.datetime | None = None) -> Iterator[Restored]:
    """Restore what was the case at `until`, or the newest that there is, into the empty folder `place`.

    The server runs as long as the block; `place`/database can be started by any PostgreSQL of that release afterwards.
    Raises BackupError: no backup of that time, a set that does not hold, a time of which nothing was kept.
    """
    if place.exists() and any(place.iterdir()):
        raise BackupError(f"{place} is not empty.")
    chosen = _chosen(folder, until)
    database = place / "database"
    chain = folder.chain(chosen)
    for each in chain:
        run("pg_verifybackup", "--quiet", folder.database(each.name))
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    run("pg_combinebackup", *(folder.database(each.name) for each in chain), "-o", database)
    _copy_wal(folder, place, chain[0].first_segment)
    server = PostgresServer(database, patience=_PATIENCE, **_settings(database, until))
    try:
        server.start()
    except RuntimeError as error:
        raise BackupError(str(error)) from error
    try:
        name = connection.settings_dict["NAME"]
        found = Restored(chosen, place, server.url.replace("/postgres?", f"/{name}?"))
        found.missing = _restore_files(folder, place, server, name)
        yield found
    finally:
        server.stop()


def _chosen(folder: Folder, until: dt.datetime | None) -> BackupSet:
    fit = [each for each in folder.all() if until is None or each.end <= until]
    if not fit:
        raise BackupError("There is no backup of that time." if until else f"There is no backup in {folder.path}.")
    return fit[-1]


def _copy_wal(folder: Folder, place: Path, first: str) -> None:
    """Lay the changes since the whole set beside the database: its server may not be let into the backup."""
    (place / "wal").mkdir(mode=0o700)
    for segment in sorted(folder.wal.iterdir()):
        # The one that was being written ends in .partial; a whole one of the same name comes before it.
        target = place / "wal" / segment.name.removesuffix(".partial")
        if segment.name[:24] >= first and not target.exists():
            shutil.copyfile(segment, target)
    give_to_server(place / "wal")


def _settings(database: Path, until: dt.datetime | None) -> dict[str, str]:
    """What the restored server starts with, beside or instead of the configuration that lay with the database."""
    # A server whose socket lies with its data left its mark there too. While that one runs, no other would start.
    for mark in database.glob(".s.PGSQL.*"):
        mark.unlink()
    (database / "recovery.signal").touch()
    (database / "postgresql.conf").touch()
    access = database / "restored_hba.conf"
    access.write_text("local all all trust\n", encoding="ascii")
    settings = {
        "hba_file": str(access),
        "restore_command": f"cp {shlex.quote(str(database.parent / 'wal'))}/%f %p",
        # Only when everything is worked off does the server answer.
        "hot_standby": "off",
        "archive_mode": "off",
        "ssl": "off",
    }
    if until is not None:
        settings |= {"recovery_target_time": until.isoformat(), "recovery_target_action": "promote"}
    return settings


def _restore_files(folder: Folder, place: Path, server: PostgresServer, name: str) -> list[str]:
    """Put every stored file of the restored database to its path; return the paths of those that the backup lacks."""
    missing = []
    (place / "files").mkdir(mode=0o700)
    with psycopg2.connect(host=str(server.socket_dir), user="postgres", dbname=name) as asked, asked.cursor() as cursor:
        cursor.execute(str(StoredFile.objects.order_by("path").values("sha256", "path").query))
        for sha256, path in cursor:
            target = place / "files" / path
            if not folder.object(sha256).exists():
                missing.append(path)
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(folder.object(sha256), target)
    asked.close()
    return missing

"""Old backups go, and with them what only they held: what was deleted in the portal must not live on in its backups."""

import datetime as dt

from miaoli_kaohsiung.lib import clock

from .folder import BackupSet, Folder
from .programs import run


def prune(folder: Folder, days: int) -> list[str]:
    """Remove the sets that are older than `days` and that no younger one goes on from; return their names.

    The newest set stays, however old. Files and WAL go with the last set that needs them.
    """
    limit = clock.now() - dt.timedelta(days=days)
    every = folder.all()
    kept = _needed(folder, every, limit)
    gone = [each.name for each in reversed(every) if each.name not in kept]
    for name in gone:
        folder.remove(name)
    _remove_files(folder, limit)
    if remaining := folder.all():
        run("pg_archivecleanup", folder.wal, min(each.first_segment for each in remaining))
    return gone


def _needed(folder: Folder, every: list[BackupSet], limit: dt.datetime) -> set[str]:
    young = [each for each in every if each.end >= limit] or every[-1:]
    return {each.name for last in young for each in folder.chain(last)}


def _remove_files(folder: Folder, limit: dt.datetime) -> None:
    listed = folder.listed()
    for path in folder.objects():
        # One that no set names yet may belong to the next.
        if path.name not in listed and path.stat().st_mtime < limit.timestamp():
            path.unlink()

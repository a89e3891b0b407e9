"""Between two sets: PostgreSQL's changes as they are written, and new files some seconds after them."""

import datetime as dt
import logging
import subprocess
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Max

from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import postgres

from .folder import Folder
from .making import copy_file
from .programs import BackupError, connected, run

SLOT = "portal_backup"
# How far back each look reaches: a long upload is stored some time before its row can be seen.
_OVERLAP = dt.timedelta(minutes=10)

log = logging.getLogger(__name__)


def stream(folder: Folder, pause: Callable[[], bool]) -> None:
    """Copy until `pause`, which waits some seconds, returns False.

    The server keeps what was not yet copied (slot portal_backup), also while this does not run. Raises BackupError when
    pg_receivewal ends.
    """
    run("pg_receivewal", "--create-slot", "--if-not-exists", f"--slot={SLOT}", "-w")
    command = [
        str(postgres.programs() / "pg_receivewal"),
        "-D",
        str(folder.wal),
        f"--slot={SLOT}",
        "--synchronous",
        "-w",
    ]
    receiving = subprocess.Popen(command, env=connected(), preexec_fn=postgres.die_with_parent)
    try:
        newest = _copy_new_files(folder, None)
        while pause():
            if receiving.poll() is not None:
                raise BackupError(f"pg_receivewal ended with status {receiving.returncode}.")
            newest = _copy_new_files(folder, newest)
    finally:
        receiving.terminate()
        receiving.wait()


def _copy_new_files(folder: Folder, newest: dt.datetime | None) -> dt.datetime | None:
    """Copy the files that came since `newest`, all at first; return the time of the newest row."""
    try:
        rows = StoredFile.objects.all()
        if newest is not None:
            rows = rows.filter(uploaded_at__gte=newest - _OVERLAP)
        latest: dt.datetime | None = rows.aggregate(at=Max("uploaded_at"))["at"]
        for sha256, path in rows.values_list("sha256", "path").iterator():
            if not (folder.object(sha256).exists() or copy_file(folder, sha256, path)):
                log.error("the bytes of a stored file are gone or changed: %s", path)
    except (InterfaceError, OperationalError) as error:
        # The server restarts or another takes over: pg_receivewal waits for it too.
        log.warning("the database does not answer: %s", type(error).__name__)
        connection.close()
        return newest
    return latest or newest

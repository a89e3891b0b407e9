"""The database that each process of tests copies: migrated once for all of them, while they still look for their tests."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg2

NAME = "portal_template"
# The file, named in the environment, that its maker keeps locked as long as it works, and in which it says that it is made.
MAKING = "TEMPLATE_MAKING"
MADE = "made"


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Have another process make it on the server of DATABASE_URL."""
    path = folder / "template"
    os.environ[MAKING] = str(path)
    command = [sys.executable, "-c", "from tests import template_database; template_database.make()"]
    with path.open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        # The maker has the lock with the open file, and lets it go when it ends, however it ends.
        return subprocess.Popen(command, cwd=Path(__file__).parent.parent, pass_fds=[making.fileno()])


def make() -> None:
    server = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {NAME}")
    connection.close()
    os.environ["DATABASE_URL"] = server.replace("/postgres?", f"/{NAME}?")
    _migrate()
    Path(os.environ[MAKING]).write_text(MADE)


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    connection.close()


def is_there() -> bool:
    """Wait until its maker ends; false where nobody makes one, or it could not be made: then each process migrates its own."""
    if MAKING not in os.environ:
        return False
    with Path(os.environ[MAKING]).open() as making:
        fcntl.flock(making, fcntl.LOCK_SH)
        return making.read() == MADE

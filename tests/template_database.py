"""The database that each process of tests copies: migrated once for all of them, while they still look for their tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

NAME = "portal_template"
# The file, named in the environment, that says how making it ended.
ENDED = "TEMPLATE_ENDED"
MADE = "made"
PATIENCE_SECONDS = 300


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Have another process make it on the server of DATABASE_URL."""
    os.environ[ENDED] = str(folder / "template")
    command = [sys.executable, "-c", "from tests import template_database; template_database.make()"]
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent)


def make() -> None:
    ended = "failed"
    try:
        server = os.environ["DATABASE_URL"]
        connection = psycopg2.connect(server)
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {NAME}")
        connection.close()
        os.environ["DATABASE_URL"] = server.replace("/postgres?", f"/{NAME}?")
        _migrate()
        ended = MADE
    finally:
        Path(os.environ[ENDED]).write_text(ended)


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    connection.close()


def is_there() -> bool:
    """Wait until it is made; false where nobody makes one, or it could not be made: then each process migrates its own."""
    if ENDED not in os.environ:
        return False
    path, until = Path(os.environ[ENDED]), time.monotonic() + PATIENCE_SECONDS
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.1)
    return path.exists() and path.read_text() == MADE

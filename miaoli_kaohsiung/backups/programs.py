"""PostgreSQL's own tools, run with the portal's address of the database; its password never stands in a command line."""

import os
import subprocess
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.db import connection

from miaoli_kaohsiung.lib import postgres


class BackupError(Exception):
    """A backup could not be made, read or restored; the text says what to do or what the tool said."""


def connected() -> dict[str, str]:
    """Return the environment that names the server to PostgreSQL's tools: BACKUP_DATABASE_URL, whose role may replicate, or
    the portal's own.
    """
    url = settings.BACKUP_DATABASE_URL
    found: dict[str, Any] = environ.Env.db_url_config(url) if url else connection.settings_dict
    host = found.get("HOST") or found.get("OPTIONS", {}).get("host", "")
    said = {
        "PGHOST": host,
        "PGPORT": found.get("PORT"),
        "PGUSER": found.get("USER"),
        "PGPASSWORD": found.get("PASSWORD"),
    }
    said["PGSSLMODE"] = found.get("OPTIONS", {}).get("sslmode")
    return {**os.environ, **{name: str(value) for name, value in said.items() if value}}


def run(name: str, *arguments: str | Path) -> None:
    """Run one of them to its end. Raises BackupError with what it said."""
    command = [str(postgres.programs() / name), *map(str, arguments)]
    done = subprocess.run(command, env=connected(), capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise BackupError(f"{name}: {said}")

"""In production the portal does not start while some setting is good enough only for a trial."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from miaoli_kaohsiung.lib import rights

# The start does not wait longer for a database to say what the role may do.
SECONDS_FOR_DATABASE = 5
ROLE = (
    "The role of DATABASE_URL {}. Web, worker and beat need one that reads and writes rows, and nothing else: "
    "CREATE ROLE portal_service LOGIN PASSWORD '…', then manage.py grant_rights portal_service with the DATABASE_URL of the owner, "
    "then DATABASE_URL of portal_service (docs/operations.md, Two roles)."
)


def refuse_to_start() -> None:
    """Raise ImproperlyConfigured with every sentence of settings.REFUSALS, if there is one."""
    if settings.REFUSALS:
        raise ImproperlyConfigured(
            "The portal does not start in production like this:\n  "
            + "\n  ".join(settings.REFUSALS)
            + "\nFor a trial on this machine run `make setup` or set PORTAL_MODE=trial."
        )


@register
def fit_for_production(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="portal.E001") for sentence in settings.REFUSALS]


@register(deploy=True)
def heads_lie_elsewhere(**kwargs: Any) -> list[CheckMessage]:
    """Return an error if the exported heads are on the database's disk: whoever cuts the trail off could change them
    too.
    """
    heads = Path(settings.AUDIT_HEADS_FILE or settings.VAR_DIR / "audit_heads")
    if _disk_of(heads) != _disk_of(Path(settings.VAR_DIR)):
        return []
    text = "AUDIT_HEADS_FILE lies on the disk of VAR_DIR; put it where the database's owner cannot write."
    return [checks.Warning(text, id="portal.W001")]


def refuse_the_owner() -> None:
    """Raise ImproperlyConfigured in production if this connects as the owner of the tables although a role is there that may
    serve; where there is none yet, as in an installation of before, say in the log what to do, and go on.
    """
    if not settings.PRODUCTION:
        return
    try:
        much, serving = _role()
    except DatabaseError:
        return
    if much and serving and rights.MASTERS & set(much):
        raise ImproperlyConfigured(
            f"The role of DATABASE_URL {', '.join(much)}. Here serves {', '.join(serving)}: put that role into DATABASE_URL; "
            "the owner's address is for migrate, createcachetable and grant_rights alone (docs/operations.md, Two roles)."
        )
    if much:
        logging.getLogger(__name__).warning(ROLE.format(", ".join(much)))


@register(Tags.database, deploy=True)
def role_reads_and_writes_rows(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """For `manage.py check --deploy --database default`, with the address that web and worker have."""
    if "default" not in (databases or []):
        return []
    much, _serving = _role()
    return [checks.Warning(ROLE.format(", ".join(much)), id="portal.W002")] if much else []


def _role() -> tuple[list[str], list[str]]:
    """Return what the portal's role may do beyond rows, and the roles that an owner has let serve."""
    asked = connections.create_connection("default")
    known = connections["default"].settings_dict
    asked.settings_dict = {**known, "OPTIONS": {**known["OPTIONS"], "connect_timeout": SECONDS_FOR_DATABASE}}
    try:
        with asked.cursor() as cursor:
            return rights.excess(cursor), rights.serving_roles(cursor)
    finally:
        asked.close()


def _disk_of(path: Path) -> int:
    """Return the device of the nearest existing folder."""
    found = next(parent for parent in path.absolute().parents if parent.exists())
    return found.stat().st_dev

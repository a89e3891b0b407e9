"""In production the portal does not start while some setting is good enough only for a trial."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


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


def _disk_of(path: Path) -> int:
    """Return the device of the nearest existing folder."""
    found = next(parent for parent in path.absolute().parents if parent.exists())
    return found.stat().st_dev

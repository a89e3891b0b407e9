"""What the scanner of viruses found stands in the trail under whoever sent it."""

import structlog

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files import scanning
from miaoli_kaohsiung.files.models import StoredFile

from .actions import INFECTED
from .models import User
from .services import actor


@scanning.when_found
def note(name: str, sha256: str, virus: str, stored: StoredFile | None) -> None:
    """Record it: at the file if it was kept, else at its sender; somebody without an account leaves no entry."""
    sender = stored.uploaded_by if stored else _asking()
    found = stored or sender
    if found is None:
        return
    by = actor(sender) if sender else trail.Actor.system("掃毒")
    with trail.unit_of_work(by):
        trail.record(INFECTED, found, after={"name": name[:150], "sha256": sha256, "virus": virus})


def _asking() -> User | None:
    """Return who sent the present request."""
    key = structlog.contextvars.get_contextvars().get("user_id")
    return User.objects.filter(pk=key).first() if key else None

"""The daily seal: the head of the chain, set down where it can be compared later."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from miaoli_kaohsiung.lib import clock

from .models import GENESIS, AuditHead, AuditSeal


def heads_file() -> Path:
    """Where heads are exported to: AUDIT_HEADS_FILE, best on a disk that the database's owner cannot write."""
    return Path(getattr(settings, "AUDIT_HEADS_FILE", None) or settings.VAR_DIR / "audit_heads")


@transaction.atomic
def seal_audit() -> AuditSeal:
    """Set down today's head, once a day, and export what the file does not have yet. Can run twice.

    The seal's `seq` and `hash` belong into the day's notice to the auditor and onto the day's letters register.
    """
    head = AuditHead.objects.first() or AuditHead(seq=0, hash=GENESIS)
    seal, _created = AuditSeal.objects.get_or_create(
        day=clock.today(), defaults={"seq": head.seq, "hash": head.hash, "made_at": clock.now()}
    )
    transaction.on_commit(_export)
    return seal


def _export() -> None:
    path = heads_file()
    exported = {line.split()[0] for line in path.read_text("ascii").splitlines()} if path.exists() else set()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        for seal in AuditSeal.objects.exclude(day__in=exported):
            file.write(f"{seal.day.isoformat()} {seal.seq} {seal.hash}\n")

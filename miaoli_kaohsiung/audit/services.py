"""The daily seal: the head of the chain, stored for later comparison; and the check from a page."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib import clock

from . import actions, proofs, trail
from .models import GENESIS, AuditHead, AuditSeal
from .verify import Report, heads_in_file, verify

VERIFY = actions.register("audit.verify", _l("檢查稽核紀錄"))
# How many entries a page can read while somebody waits; `manage.py verify_audit` reads everything.
NEWEST = 10_000


def heads_file() -> Path:
    """Return the file to which heads are exported: AUDIT_HEADS_FILE, best on a disk that the database's owner cannot
    write.
    """
    return Path(getattr(settings, "AUDIT_HEADS_FILE", None) or settings.VAR_DIR / "audit_heads")


@transaction.atomic
def seal_audit() -> AuditSeal:
    """Store today's head, once a day, and export what the file does not have yet. Can run twice.

    The seal's `seq` and `hash` belong in the day's notice to the auditor and on the day's letters register.
    """
    seal = AuditSeal.objects.filter(day=clock.today()).first()
    if seal is None:
        head = AuditHead.objects.first() or AuditHead(seq=0, hash=GENESIS)
        made = proofs.sealed(AuditSeal(day=clock.today(), seq=head.seq, hash=head.hash, made_at=clock.now()))
        seal, _created = AuditSeal.objects.get_or_create(
            day=made.day,
            defaults={name: getattr(made, name) for name in ("seq", "hash", "made_at", "tree", "mark")},
        )
    transaction.on_commit(_export)
    return seal


def verify_newest(actor: trail.Actor) -> Report:
    """Check the newest entries against each other, the seals and the exported heads, and record that this was done."""
    try:
        report = verify(heads_in_file(heads_file()), newest=NEWEST)
    except ValueError:
        report = Report(0, _("匯出的封存值檔案讀不懂，請換一份。"))
    if (head := AuditHead.objects.first()) is not None:
        with trail.unit_of_work(actor):
            trail.record(VERIFY, head, after={"entries": report.entries, "problem": report.problem})
    return report


def _export() -> None:
    path = heads_file()
    exported = {line.split()[0] for line in path.read_text("ascii").splitlines()} if path.exists() else set()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        for seal in AuditSeal.objects.exclude(day__in=exported):
            file.write(f"{proofs.line_of(seal)}\n")

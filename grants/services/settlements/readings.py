"""Photos of receipts whose print is read where a county has a reader for it (setting OCR): by a worker of a queue of its own,
one after the other, and offered to the person as a guess.
"""

import logging
from dataclasses import asdict

from celery import current_app
from django.conf import settings
from kombu.exceptions import KombuError, OperationalError

from grants.models import ReceiptReading, Settlement
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import HELD, held
from miaoli_kaohsiung.files.texts import lines_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.receipt_words import guess

READ_TASK = "grants.read_receipts"
log = logging.getLogger(__name__)


def on_held(user: User, settlement: Settlement, token: str) -> ReceiptReading | None:
    """Return what is read from a photo that this person sent for the next voucher, and have it read if it waits; None
    where nobody reads print.
    """
    waiting = held(token) if settings.OCR else None
    photo = StoredFile.objects.filter(pk=waiting.pk, purpose=HELD, uploaded_by=user).first() if waiting else None
    if photo is None:
        return None
    tax_id = settlement.award.application.organisation.tax_id
    with trail.unit_of_work(Actor.system(READ_TASK)):
        row, _new = ReceiptReading.objects.get_or_create(photo=photo, defaults={"own_tax_id": tax_id})
    if row.found is None:
        _ring()
    return row


def read_waiting() -> int:
    """Read the photos that wait and return how many. Any number of workers may call it at once."""
    done = 0
    while _read_next():
        done += 1
    return done


def _read_next() -> bool:
    """Read the first photo that nobody holds. The row stays locked meanwhile; a kill frees it."""
    with trail.unit_of_work(Actor.system(READ_TASK)):
        rows = ReceiptReading.objects.select_for_update(skip_locked=True, of=("self",)).select_related("photo")
        row = rows.filter(found__isnull=True).order_by("pk").first()
        if row is None:
            return False
        said = asdict(guess(lines_of(row.photo), row.own_tax_id, clock.today()))
        row.found = said | {"issued_on": said["issued_on"].isoformat() if said["issued_on"] else ""}
        row.save(update_fields=["found"])
        return True


def _ring() -> None:
    try:
        current_app.send_task(READ_TASK)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("no bell for the reader of receipts, the next look rings again: %r", error)

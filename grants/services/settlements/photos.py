"""What the square code on the photo of a voucher says. It fills in the form; a person looks at every figure."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import default_storage

from grants.models import Settlement, Voucher
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.papers import UnreadablePaperError, pages_of
from miaoli_kaohsiung.files.services import HELD, held
from miaoli_kaohsiung.lib.invoice_codes import InvoiceCode, first_of


def code_on_held(user: User, token: str) -> InvoiceCode | None:
    """Return the e-invoice on a photo that this person sent for the next voucher; None if there is none to read."""
    waiting = held(token)
    stored = StoredFile.objects.filter(pk=waiting.pk, purpose=HELD, uploaded_by=user).first() if waiting else None
    if stored is None:
        return None
    with NamedTemporaryFile() as copy, default_storage.open(stored.path) as file:
        copy.write(file.read())
        copy.flush()
        try:
            pages = pages_of(Path(copy.name))
        except UnreadablePaperError:
            # It is logged there; the person types what stands on the paper.
            return None
    return first_of(code for page in pages for code in page.codes)


def payee_of(settlement: Settlement, tax_id: str) -> str:
    """Return what the association itself last called this seller, "" if it never did."""
    body = settlement.award.application.organisation_id
    rows = Voucher.objects.filter(payee_tax_id=tax_id, settlement__award__application__organisation=body)
    return rows.order_by("-pk").values_list("payee", flat=True).first() or ""

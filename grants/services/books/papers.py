"""An association's year on paper: 收支決算表, 現金出納表 and 現金簿, ready to sign."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from communities.models import Organisation
from grants.queries.books import book_of
from grants.services.payments.receipts import names_of
from miaoli_kaohsiung.lib import clock, pdf


def printed(organisation: Organisation, year: int) -> bytes:
    """Return the year as PDF. Raises pdf.UnavailableError where the machine cannot make PDFs, and Refused for characters
    that no font has.
    """
    context = {
        "book": book_of(organisation, year),
        "organisation": organisation,
        "names": names_of(organisation.pk),
        "today": clock.today(),
    }
    html = render_to_string("grants/books/book_paper.html", context)
    return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")

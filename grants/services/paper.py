"""The application form on paper: A4 portrait, horizontal text, with the box for the 圖記 (K6.2.0, K6.2.1)."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from grants import compliance
from grants.models import Application
from grants.queries import case_pages
from miaoli_kaohsiung.lib import clock, pdf


def application_form(case: Application, judged: compliance.Judgement) -> bytes:
    """The PDF of the case as it stands. Raises pdf.UnavailableError where the machine cannot make PDFs."""
    context = {"case": case, "today": clock.today(), "totals": judged.evaluation.totals}
    context |= case_pages.contents(case, judged)
    html = render_to_string("grants/applications/paper.html", context)
    return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")

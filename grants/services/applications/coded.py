"""Papers that come back as scans: each page is printed with a square code of its own."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.paper_codes import PaperCode


def render(template: str, context: dict[str, Any], code: PaperCode) -> bytes:
    """Return the PDF of a template that includes _page_styles.html and _page_codes.html. Raises pdf.UnavailableError where
    the machine cannot make PDFs, and pdf.UnprintableError where a character cannot be drawn.
    """
    base = Path(settings.BASE_DIR) / "static" / "pdf"
    # The codes stand in the margin, so that the pages are as many without them.
    pages = pdf.count_pages(render_to_string(template, context | {"codes": []}), base=base)
    return pdf.render(render_to_string(template, context | {"codes": code.each(pages)}), base=base)

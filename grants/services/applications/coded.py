"""Papers that come back as scans: each page is printed with a square code of its own."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.paper_codes import PaperCode

# Puts the code of one page into the margin of that page.
STYLE = """
.code-%(page)d { position: running(code-%(page)d); }
@page :nth(%(page)d) { @top-right { content: element(code-%(page)d); } }
"""


def render(template: str, context: dict[str, Any], code: PaperCode) -> bytes:
    """Return the PDF of a template that includes _page_codes.html. Raises pdf.UnavailableError where the machine cannot make
    PDFs, and pdf.UnprintableError where a character cannot be drawn.
    """
    base = Path(settings.BASE_DIR) / "static" / "pdf"
    # The codes stand in the margin, so that the pages are as many without them.
    codes = code.each(pdf.count_pages(render_to_string(template, context | {"codes": []}), base=base))
    styles = "".join(STYLE % {"page": one.page} for one in codes)
    return pdf.render(render_to_string(template, context | {"codes": codes}), base=base, styles=styles)

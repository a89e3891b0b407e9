"""A body's register of property on paper (財產清冊), ready to sign."""

from django.template.loader import render_to_string

from communities.models import Organisation
from grants.queries.assets import held
from miaoli_kaohsiung.lib import clock, pdf


def printed(organisation: Organisation) -> bytes:
    """Return the register as PDF. Raises pdf.UnavailableError and Refused as lib.pdf does."""
    rows = list(held(organisation))
    context = {
        "organisation": organisation,
        "rows": rows,
        "total": sum(row.amount for row in rows if row.written_off_on is None),
        "today": clock.today(),
    }
    return pdf.render(render_to_string("grants/assets/register_paper.html", context))

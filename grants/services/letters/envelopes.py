"""Address labels and the postal list of a print run, as PDF. Nothing is kept."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.letters.envelopes import SENT_AS, SHEETS, Envelope, Sheet, envelopes_of, size_for
from grants.models import PrintRun
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused


def labels(run: PrintRun, *, sheet: str, first: int, one_a_body: bool) -> bytes:
    """Return the labels of a run from the first free place of the first sheet on. Raises Refused and pdf.UnavailableError."""
    paper = next(row for row in SHEETS if row.code == sheet)
    found = [None] * (first - 1) + [_label(paper, envelope) for envelope in _envelopes(run, together=one_a_body)]
    found += [None] * (-len(found) % paper.columns)
    rows = [found[at : at + paper.columns] for at in range(0, len(found), paper.columns)]
    pages = [rows[at : at + paper.rows] for at in range(0, len(rows), paper.rows)]
    return pdf.render(render_to_string("grants/letters/labels.html", {"run": run, "pages": pages, "sheet": paper}))


def _label(paper: Sheet, envelope: Envelope) -> dict[str, object]:
    numbers = "、".join(envelope.numbers[:2])
    if len(envelope.numbers) > 2:
        numbers = _("%(numbers)s等 %(count)d 件") % {"numbers": numbers, "count": len(envelope.numbers)}
    to = _("%(name)s　收") % {"name": envelope.name}
    texts = [part for part in (envelope.postal_code, envelope.address, to, numbers) if part]
    return {"envelope": envelope, "to": to, "numbers": numbers, "size": size_for(paper, texts)}


def postal_list(run: PrintRun, *, sent_as: str, together: bool) -> bytes:
    """Return the list that is handed in with the letters. Raises Refused and pdf.UnavailableError."""
    found = _envelopes(run, together=together)
    words = {
        "run": run,
        "rows": found,
        "head": particulars(run.county, clock.today()),
        "sent_as": SENT_AS[sent_as],
        "registered": sent_as != "ordinary",
        "today": clock.today(),
    }
    return pdf.render(render_to_string("grants/letters/postal_list.html", words))


def without_address(run: PrintRun) -> list[str]:
    """Return who cannot be sent the letter by mail: members of a panel, associations of which no address is known."""
    return [one.name for one in envelopes_of(list(run.letters.order_by("id")), together=True) if not one.address]


def _envelopes(run: PrintRun, *, together: bool) -> list[Envelope]:
    """Return what can be sent; the page of the run names the others."""
    found = envelopes_of(list(run.letters.order_by("id")), together=together)
    sent = [envelope for envelope in found if envelope.address]
    if not sent:
        raise Refused(_("這些受文者都沒有地址，沒有可以印的。"))
    return sent

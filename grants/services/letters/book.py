"""The 發文登記簿: every letter that went out, in order, as a sheet or on paper. Nothing is written."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.enums import LetterStatus
from grants.models import Letter
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.roc_date import format_roc

# More than this is no paper that somebody leafs through; a sheet has no limit.
MOST_ON_PAPER = 1_000


def heads() -> list[str]:
    """Return the names of the columns."""
    return [
        _("發文日期"),
        _("發文字號"),
        _("種類"),
        _("受文者"),
        _("主旨"),
        _("附件"),
        _("承辦人"),
        _("案號"),
        _("備註"),
    ]


def cells(letters: Iterable[Letter]) -> Iterator[list[Any]]:
    """Return a row for each letter; one that a later letter replaced says so."""
    for row in letters:
        assert row.dispatched_on is not None
        yield [
            format_roc(row.dispatched_on),
            row.dispatch_number,
            str(row.get_kind_display()),
            row.originals,
            row.subject,
            row.context.get("enclosures", ""),
            row.context["contact"].get("name", ""),
            row.case_number,
            _("作廢") if row.status == LetterStatus.VOID else "",
        ]


def paper(letters: Iterable[Letter], counties: list[str], since: dt.date | None, until: dt.date | None) -> bytes:
    """Return the book as PDF. Raises pdf.UnavailableError where the machine cannot make PDFs."""
    today = clock.today()
    context = {
        "offices": [particulars(county, until or today).office for county in counties],
        "since": since,
        "until": until,
        "today": today,
        "heads": heads(),
        "rows": list(cells(letters)),
    }
    html = render_to_string("grants/letters/book.html", context)
    return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")

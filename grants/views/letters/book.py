"""The 發文登記簿, as the filters of the register say: on paper, as ODS or as CSV."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.queries import counties_seen
from grants.forms.letters import LetterFilter
from grants.models import Letter
from grants.queries.letters import book_of, counties_read, described, letters_listed
from grants.services.letters import book
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf


@audience(COUNTY_READERS)
@require_GET
def letter_book(request: SignedIn) -> HttpResponseBase:
    """Return the book of what the register shows, by default as ODS; a paper of too many letters is refused with a
    sentence.
    """
    extension = request.GET.get("as", "ods")
    if extension not in ("pdf", "ods", "csv"):
        raise Http404
    found = LetterFilter(request.GET, letters_listed(request.user), counties=counties_read(request.user))
    rows = described(book_of(found.qs))
    if extension != "pdf":
        return written_sheets.answer("letters", extension, _("發文登記簿"), book.heads(), book.cells(rows.iterator()))
    letters = list(rows[: book.MOST_ON_PAPER + 1])
    if len(letters) > book.MOST_ON_PAPER:
        words = _("一次最多印 %(most)d 件，請用日期縮小範圍，或下載 ODS。") % {"most": book.MOST_ON_PAPER}
        return _refused(request, words)
    try:
        days = (found.form.cleaned_data.get(name) for name in ("since", "until"))
        data = book.paper(letters, _counties(request, letters), *days)
    except pdf.UnavailableError:
        return _refused(request, _("這臺主機目前不能製作 PDF，請通知系統管理員。"))
    return made_pdf(data, "letters.pdf")


def _counties(request: SignedIn, letters: list[Letter]) -> list[str]:
    """Return the counties of the book's head: those of the letters, else the reader's own."""
    return sorted({letter.county for letter in letters} or counties_seen(request.user))


def _refused(request: SignedIn, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect(f"{reverse('grants:letter_list')}?{request.GET.urlencode()}")

"""Registration papers of an association, filled from its record."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from communities import permissions, queries
from communities.models import Organisation
from grants.services.open_data.registration_papers import as_pdf, as_text, papers_of
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.heads import OF_ASSOCIATIONS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import CONTENT_TYPES, made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page


@audience(PAPER_READERS)
@require_safe
def registration_papers(request: SignedIn, pk: int) -> HttpResponse:
    """Show the registration papers of an association, filled from its record, with what stays blank."""
    body = _body(request, pk)
    papers = papers_of(request.user, body).values()
    return render(request, "grants/open_data/registration_papers.html", {"organisation": body, "papers": papers})


@audience(PAPER_READERS)
@require_safe
@no_page
def registration_paper(request: SignedIn, pk: int, slug: str, extension: str) -> HttpResponse:
    """Return one of them as text document or PDF."""
    body = _body(request, pk)
    papers = papers_of(request.user, body)
    if slug not in papers:
        raise Http404
    name = f"{slug}-{pk}.{extension}"
    if extension == "odt":
        answer = HttpResponse(as_text(papers[slug], body), content_type=CONTENT_TYPES["odt"])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    try:
        return made_pdf(as_pdf(papers[slug], body), name)
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("grants:registration_papers", pk)


def _body(request: SignedIn, pk: int) -> Organisation:
    """Return an association; schools, foundations and temples are founded by other papers."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_see_bank(request.user, found))
    if found.head_word != str(OF_ASSOCIATIONS):
        raise Http404
    return found

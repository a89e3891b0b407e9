"""The papers of a request for a change: attached, taken away, handed out."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.forms.amendments import PaperForm
from grants.models import AmendmentPaper
from grants.permissions import actor_for, holds
from grants.services.amendments import papers
from grants.services.amendments.papers import NewPaper
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.pages import page_picture
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.leads_back import no_page

from .page import found, page_of


@audience(Role.MEMBER)
@require_POST
def paper_add(request: SignedIn, pk: int) -> HttpResponse:
    """Attach one more paper to the request."""
    row = found(request.user, pk)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        hold_files(form, actor_for(request.user, row.award.application, Role.MEMBER))
        return page_of(request, row, status=422, paper_form=form, forms=[form], show=True)
    paper = papers.add(request.user, row, NewPaper(form.cleaned_data["file"], form.cleaned_data["name"]))
    messages.success(request, _("已附上「%(name)s」。") % {"name": paper.name})
    return redirect("grants:amendment", pk)


@audience(Role.MEMBER)
@require_POST
def paper_remove(request: SignedIn, pk: int, paper_id: int) -> HttpResponse:
    """Take a paper away again."""
    row = get_object_or_404(found(request.user, pk).papers.select_related("file"), pk=paper_id)
    papers.remove(request.user, row)
    messages.success(request, _("已移除「%(name)s」。") % {"name": row.name})
    return redirect("grants:amendment", pk)


@audience(PAPER_READERS)
@require_GET
@no_page
def paper(request: SignedIn, pk: int, paper_id: int) -> FileResponse | HttpResponseBase:
    """Hand out a paper of the request."""
    return response(_readable(request, pk, paper_id).file, inline=True)


@audience(PAPER_READERS)
@require_GET
@no_page
def paper_page(request: SignedIn, pk: int, paper_id: int, page: int) -> HttpResponse:
    """Return a page of a PDF as a picture."""
    return page_picture(_readable(request, pk, paper_id).file, page)


def _readable(request: SignedIn, pk: int, paper_id: int) -> AmendmentPaper:
    row = found(request.user, pk)
    require(holds(request.user, row.award.application, PAPER_READERS))
    return get_object_or_404(row.papers.select_related("file"), pk=paper_id)

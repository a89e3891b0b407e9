"""The papers of a 結報: uploaded when they are chosen (JSON, for the script), removed, restored.

The inputs belong to the report's form, so that without a script its buttons send the chosen files, and a button beside
a paper sends what was typed.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.models import Settlement
from grants.queries.settlements.figures import required_kinds
from grants.services.settlements import papers
from grants.views import removed
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import PapersForm
from miaoli_kaohsiung.lib.access import Refused

from . import page
from .steps import keep_report, page_of, settlement_or_404, show, take_in


@audience(Role.MEMBER)
@require_POST
def settlement_paper_add(request: SignedIn, number: str, kind: str) -> HttpResponseBase:
    """Keep the uploaded files of one paper of the 結報."""
    settlement = settlement_or_404(request, number)
    if kind not in dict(required_kinds(settlement)):
        raise Http404
    return _changed(request, settlement, kind)


@audience(Role.MEMBER)
@require_POST
def settlement_paper_remove(request: SignedIn, number: str, paper_id: int) -> HttpResponseBase:
    """Remove a paper; one click restores it."""
    settlement = settlement_or_404(request, number)
    paper = get_object_or_404(settlement.documents.select_related("file"), pk=paper_id)
    kind, stored = paper.kind, paper.file
    papers.remove_document(request.user, paper)
    removed.remember(request, removed.Removed(_scope(settlement), kind, str(stored.pk), stored.name))
    messages.success(request, _("已移除「%(name)s」，還可以復原。") % {"name": stored.name})
    return _changed(request, settlement, kind)


@audience(Role.MEMBER)
@require_POST
def settlement_paper_restore(request: SignedIn, number: str, file_id: UUID) -> HttpResponseBase:
    """Restore a paper that was just removed."""
    settlement = settlement_or_404(request, number)
    row = removed.take(request, _scope(settlement), str(file_id))
    if row is None:
        raise Refused(_("這個檔案已經不能復原，請重新上傳。"))
    papers.restore_document(request.user, settlement, row.kind, file_id)
    messages.success(request, _("已復原「%(name)s」。") % {"name": row.name})
    return _changed(request, settlement, row.kind)


def _changed(request: SignedIn, settlement: Settlement, kind: str) -> HttpResponseBase:
    """Return the paper's part for the script, else the page, after keeping the files and figures sent along."""
    uploads = take_in(request, settlement)
    if request.headers.get("Accept") == "application/json":
        return _part(request, settlement, kind, uploads)
    if "edition" in request.POST:
        saved = keep_report(request, settlement)
        if saved.conflicts or saved.forms[0].errors:
            status = 409 if saved.conflicts else 422
            more = {"report_form": saved.forms[0], "conflicts": saved.conflicts}
            return show(request, settlement.award, status, uploads, **more)
    if uploads.errors:
        return show(request, settlement.award, 422, uploads)
    return redirect(f"{reverse('grants:settlement_detail', args=[settlement.number])}#papers-{kind}")


def _part(request: SignedIn, settlement: Settlement, kind: str, uploads: PapersForm) -> JsonResponse:
    context = page.context(page_of(request, settlement.award, uploads))
    (paper,) = [row for row in context["papers"] if row["kind"] == kind] or [None]
    part = render_to_string("grants/settlements/_paper.html", context | {"paper": paper}, request) if paper else ""
    sentence = " ".join(str(message) for message in messages.get_messages(request))
    status = 422 if uploads.errors else 200
    return JsonResponse({"parts": {f"papers-{kind}": part}, "message": sentence}, status=status)


def _scope(settlement: Settlement) -> str:
    return f"settlement:{settlement.number}"

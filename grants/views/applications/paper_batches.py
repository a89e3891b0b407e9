"""Scans of signed papers of many cases, uploaded at once by an office."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.applications.paper_batches import PaperBatchForm, PlaceForm
from grants.models import PaperBatch
from grants.services.applications import paper_batches
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.access import Refused

LISTED = 20


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def batches(request: SignedIn) -> HttpResponse:
    """Take in a batch of scans; show one's earlier ones."""
    form = PaperBatchForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = paper_batches.take_in(request.user, form.cleaned_data["scans"])
        except Refused as refused:
            form.add_error("scans", refused.reason)
        else:
            return redirect("grants:paper_batch", made.pk)
    mine = PaperBatch.objects.filter(made_by=request.user).select_related("file")[:LISTED]
    context = {"form": form, "batches": mine}
    return render(request, "grants/applications/paper_batches.html", context, status=422 if form.errors else 200)


@audience(CORRECTION_ASKERS)
@require_safe
def batch(request: SignedIn, pk: int) -> HttpResponse:
    return _shown(request, _own(request, pk))


@audience(CORRECTION_ASKERS)
@require_POST
def place(request: SignedIn, pk: int, part_id: int) -> HttpResponse:
    """Put pages that were not attached by themselves to the case that the user names."""
    made = _own(request, pk)
    part = get_object_or_404(made.parts.select_related("batch__file"), pk=part_id)
    form = PlaceForm(request.POST, prefix=str(part_id), user=request.user, numbers=part.numbers)
    if not form.is_valid():
        return _shown(request, made, {part_id: form}, 422)
    data = form.cleaned_data
    done = paper_batches.place(request.user, part, data["number"], data["kind"], data.get("pages", part.numbers))
    if done.document_id:
        messages.success(request, _("已附上。"))
    return redirect("grants:paper_batch", pk)


@audience(CORRECTION_ASKERS)
@require_safe
def scans(request: SignedIn, pk: int) -> FileResponse:
    """Return the scans as they were uploaded."""
    return response(_own(request, pk).file, inline=True)


def _own(request: SignedIn, pk: int) -> PaperBatch:
    return get_object_or_404(PaperBatch.objects.select_related("file"), made_by=request.user, pk=pk)


def _shown(
    request: SignedIn, made: PaperBatch, typed: dict[int, PlaceForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = []
    for part in made.parts.select_related("application__organisation", "document"):
        form = None
        if part.document_id is None:
            known = {"number": part.application.number, "kind": part.kind} if part.application else {}
            empty = PlaceForm(prefix=str(part.pk), user=request.user, numbers=part.numbers, initial=known)
            form = (typed or {}).get(part.pk) or empty
        rows.append((part, paper_batches.KINDS.get(part.kind, ""), form))
    context = {"batch": made, "rows": rows, "left": sum(1 for part, _kind, _form in rows if not part.document_id)}
    return render(request, "grants/applications/paper_batch.html", context, status=status)

"""The self-assessment of an association, on a telephone too, and the papers that it shows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.queries import training
from evaluation import permissions
from evaluation.enums import Interest
from evaluation.forms.own_marks import OwnMarksForm
from evaluation.models import Entry, OwnMark
from evaluation.queries import rounds
from evaluation.services.own_marks import assess
from grants.queries.duties import attended
from grants.queries.standing import standing_for
from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.audiences import EVALUATION_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lib.numbers import whole_number

# How many courses and visits are shown.
RECENT = 10


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def own_marks(request: SignedIn, pk: int) -> HttpResponse:
    """Let the association say how it stands at each indicator."""
    found = get_object_or_404(rounds.own_entries(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    form = OwnMarksForm(request.POST, request.FILES, entry=found)
    if not form.is_valid():
        hold_files(form, actor(request.user, Role.MEMBER, organisation_id=found.organisation_id))
        return _page(request, found, form=form)
    edition = whole_number(request.POST.get("edition"), digits=9) or 0
    try:
        assess(request.user, found, form.said(), edition=edition)
    except StaleError as stale:
        found.refresh_from_db()
        hold_files(form, actor(request.user, Role.MEMBER, organisation_id=found.organisation_id))
        return _page(request, found, form=form, problems=[stale.reason])
    messages.success(request, _("已儲存自評。"))
    return redirect("evaluation:entry", pk)


@audience(EVALUATION_READERS)
@require_GET
@no_page
def own_file(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return what an association shows at an indicator; a judge sees it after declaring no interest."""
    row = get_object_or_404(OwnMark.objects.exclude(file=None).select_related("file", "entry__round"), pk=pk)
    if not rounds.visible_entries(request.user).filter(pk=row.entry_id).exists():
        raise Http404
    undeclared = row.entry.sheets.filter(judge=request.user).exclude(interest=Interest.NONE)
    if undeclared.exists() or row.file is None:
        raise Http404
    return response(row.file, inline=True)


def _page(request: SignedIn, found: Entry, **context: Any) -> HttpResponse:
    answer = permissions.may_assess(request.user, found)
    bound = bool(context)
    context = {
        "entry": found,
        "round": found.round,
        "answer": answer,
        "form": OwnMarksForm(entry=found),
        "edition": found.own_edition,
        "standing": standing_for(request.user, found.organisation),
        "attended": attended(found.organisation_id)[:RECENT],
        "courses": training.courses_of(found.organisation_id)[:RECENT],
        **context,
    }
    return render(request, "evaluation/own_marks.html", context, status=422 if bound else 200)

"""An association's part in a round: what its judges gave, why it is not judged, what it names as difficulties."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import permissions
from evaluation.enums import Interest, RoundStatus, Theme
from evaluation.forms.rounds import DifficultiesForm, ExcuseForm, ModerationForm
from evaluation.models import Entry
from evaluation.queries import rounds, sheets
from evaluation.services.moderation import KIND, propose_total
from evaluation.services.rounds import excuse, tell_difficulties
from miaoli_kaohsiung.accounts.audiences import EVALUATION_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.queries import history
from miaoli_kaohsiung.lib.access import Refused


@audience(EVALUATION_READERS)
@require_safe
def entry(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's part in a round; members read the result once it is published."""
    found = get_object_or_404(rounds.visible_entries(request.user), pk=pk)
    return _page(request, found)


@audience(Role.CASE_OFFICER)
@require_POST
def excuse_entry(request: SignedIn, pk: int) -> HttpResponse:
    """Keep why the association is not judged in this round."""
    found = get_object_or_404(rounds.visible_entries(request.user), pk=pk)
    form = ExcuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, excuse_form=form)
    excuse(request.user, found, form.cleaned_data["not_evaluated"])
    messages.success(request, _("已儲存。"))
    return redirect("evaluation:entry", pk)


@audience(Role.CASE_OFFICER)
@require_POST
def moderate(request: SignedIn, pk: int) -> HttpResponse:
    """Propose another total after the sheets were talked over."""
    found = get_object_or_404(rounds.visible_entries(request.user), pk=pk)
    form = ModerationForm(request.POST)
    if form.is_valid():
        try:
            change = propose_total(request.user, found, form.cleaned_data["total"], form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("total", refused.reason)
        else:
            messages.success(request, _("已提出，等主管確認。"))
            return redirect("changes:show", change.pk)
    return _page(request, found, moderation_form=form)


@audience(Role.MEMBER)
@require_POST
def difficulties(request: SignedIn, pk: int) -> HttpResponse:
    """Let the association name its difficulties."""
    found = get_object_or_404(rounds.own_entries(request.user), pk=pk)
    form = DifficultiesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, difficulties_form=form)
    tell_difficulties(request.user, found, form.cleaned_data["difficulties"], form.cleaned_data["themes"])
    messages.success(request, _("已儲存，謝謝您。"))
    return redirect("evaluation:entry", pk)


def _page(request: SignedIn, found: Entry, **bound: Any) -> HttpResponse:
    user = request.user
    published = found.round.status == RoundStatus.PUBLISHED
    seen = rounds.sees_sheets(user, found.round)
    outcome = sheets.result_of(found) if seen or published else None
    rows = sheets.sheets_of(found) if seen else None
    may_tell = permissions.may_tell_difficulties(user, found)
    may_arrange = permissions.may_arrange(user, found.round)
    forms = {
        "excuse_form": ExcuseForm(initial={"not_evaluated": found.not_evaluated}) if may_arrange else None,
        "difficulties_form": (
            DifficultiesForm(initial={"difficulties": found.difficulties, "themes": found.themes}) if may_tell else None
        ),
        "moderation_form": ModerationForm() if permissions.may_moderate(user, found) else None,
        **bound,
    }
    mean = outcome and outcome.total
    context = {
        "entry": found,
        "mean": mean,
        "may_assess": permissions.may_assess(user, found),
        "own_marks": found.own_marks.select_related("indicator"),
        "sees_own": not found.sheets.filter(judge=user).exclude(interest=Interest.NONE).exists(),
        "history": history(KIND.name, found.round.county, str(found.pk)) if seen else None,
        "themes": [Theme(name).label for name in found.themes if name in Theme.values],
        "own_sheet": found.sheets.filter(judge=user).exclude(interest=Interest.CONFLICT).first(),
        "sheets": rows,
        "comments": found.sheets.exclude(submitted_on=None).exclude(comment="") if seen or published else [],
        "shown": seen or published,
        "dimensions": sheets.parts_of(found.round, outcome) if outcome else [],
        "total": next((one for one in (found.total, found.moderated, mean) if one is not None), None),
        "may_arrange": may_arrange,
        **forms,
    }
    return render(request, "evaluation/entry.html", context, status=422 if bound else 200)

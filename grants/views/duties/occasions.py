"""Selections, courses and visits: the calendar, announcing one, recording the associations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants import duty_kinds
from grants.forms.duties import EntryForm, EntryPaperForm, OccasionForm
from grants.models import DutyEntry, EntryPaper
from grants.queries import duties
from grants.services.duties import occasions
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

from .records import cards


@audience(PAPER_READERS)
@require_GET
def occasion_list(request: SignedIn) -> HttpResponse:
    """Show the calendar: coming occasions by their day, then past ones."""
    rows = duties.occasions(duties.visible(request.user)).order_by(F("done_on").desc(nulls_first=True), "due_on", "pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    officer = post_with(request.user, Role.CASE_OFFICER)
    context = {"page": page, "rows": cards(page), "may_add": officer and duties.has_occasions(request.user)}
    return render(request, "grants/duties/occasions.html", context)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def occasion_new(request: SignedIn) -> HttpResponse:
    """Announce a selection, a course or a visit."""
    post = post_with(request.user, Role.CASE_OFFICER)
    assert post is not None, "the audience sees to it"
    form = OccasionForm(request.POST or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = occasions.add(request.user, post.county, form.cleaned_data["key"], form.occasion())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已排定。"))
            return redirect("grants:duty", made.pk)
    context = {"form": form, "problems": problems, "accent_county": post.county}
    status = 422 if problems or form.errors else 200
    return render(request, "grants/duties/occasion_form.html", context, status=status)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def occasion_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change day, name or text."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    require(occasions.may_change(request.user, row))
    form = OccasionForm(request.POST or None, duty=row)
    if request.method == "POST" and form.is_valid():
        occasions.change(request.user, row, form.occasion())
        messages.success(request, _("已排定。"))
        return redirect("grants:duty", pk)
    context = {"form": form, "row": row, "kind": duty_kinds.DUTIES[row.key], "accent_county": row.county}
    return render(request, "grants/duties/occasion_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def occasion_entries(request: SignedIn, pk: int) -> HttpResponse:
    """Record one association after the other."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    require(occasions.may_change(request.user, row))
    form = EntryForm(request.POST or None, duty=row, initial={"on": min(row.due_on, clock.today())})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            entry = occasions.enter(request.user, row, form.line())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已登錄%(name)s。") % {"name": entry.organisation.name})
            return redirect("grants:occasion_entries", pk)
    context = {"form": form, "row": row, "kind": duty_kinds.DUTIES[row.key], "problems": problems}
    context |= {"accent_county": row.county, "entries": duties.entries(row, request.user), "may_change": True}
    return render(request, "grants/duties/entries.html", context, status=422 if problems or form.errors else 200)


@audience(PAPER_READERS)
@require_http_methods(["GET", "POST"])
def selection(request: SignedIn, pk: int, organisation: int) -> HttpResponse:
    """Show one association in a selection: its nomination with papers, the log of its mentoring, its result and ladder."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    entries = duties.entries(row, request.user).filter(organisation=organisation)
    first = entries.first()
    if first is None:
        raise Http404
    answer = occasions.may_change(request.user, row)
    form = EntryPaperForm(request.POST or None, request.FILES or None, entries=entries)
    if request.method == "POST":
        require(answer)
        if form.is_valid():
            data = form.cleaned_data
            occasions.add_paper(request.user, data["entry"], data["upload"], data["title"])
            messages.success(request, _("已附上文件。"))
            return redirect("grants:selection", pk, organisation)
        hold_files(form, actor(request.user))
    steps = duties.ladder_of(organisation)
    context: dict[str, Any] = {
        "row": row,
        "body": first.organisation,
        "entries": entries,
        "form": form if answer else None,
    }
    context |= {"steps": steps, "following": duties.next_step(steps), "accent_county": row.county}
    return render(request, "grants/duties/selection.html", context, status=422 if form.errors else 200)


@audience(PAPER_READERS)
@require_GET
def selection_paper(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return a paper of a selection, for those who see its entry."""
    paper = get_object_or_404(EntryPaper.objects.select_related("file", "entry__duty"), pk=pk)
    row = get_object_or_404(duties.visible(request.user), pk=paper.entry.duty_id)
    if not duties.entries(row, request.user).filter(pk=paper.entry_id).exists():
        raise Http404
    return response(paper.file, inline=True)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def occasion_entry_remove(request: SignedIn, pk: int) -> HttpResponse:
    """Remove an entry made by mistake."""
    rows = DutyEntry.objects.filter(duty__in=duties.visible(request.user)).select_related("organisation", "duty")
    entry = get_object_or_404(rows, pk=pk)
    require(occasions.may_change(request.user, entry.duty))
    if request.method == "POST":
        try:
            occasions.remove(request.user, entry)
        except Refused as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, _("已刪除。"))
        return redirect("grants:duty", entry.duty_id)
    context = {"entry": entry, "row": entry.duty, "accent_county": entry.duty.county}
    return render(request, "grants/duties/entry_remove.html", context)

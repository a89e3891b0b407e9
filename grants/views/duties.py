"""Duties: the list of what waits, the record of one, its paper, and an event that an officer sets."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants import duties
from grants.forms.duties import DutyForm, InvitationForm
from grants.models import Duty
from grants.permissions import holds
from grants.queries import duties as reads
from grants.services import duties as services
from miaoli_kaohsiung.accounts.enums import COUNTY_STAFF, Role
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.files import services as files
from miaoli_kaohsiung.lib.access import Refused, require

from .applications import case_or_404

READERS = (Role.MEMBER, *COUNTY_STAFF, Role.AUDITOR)


def cards(rows: Any) -> list[tuple[Duty, duties.Duty]]:
    """Rows with their kind, for templates/grants/duties/_table.html."""
    return [(row, duties.DUTIES[row.key]) for row in rows]


@audience(*READERS)
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """What waits, the first due on top; `?view=done` shows what was recorded."""
    done = request.GET.get("view") == "done"
    seen = reads.visible(request.user)
    rows = seen.filter(done_on__isnull=False).order_by("-done_on", "-id") if done else reads.waiting(seen)
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    return render(request, "grants/duties/list.html", {"page": page, "rows": cards(page), "done": done})


@audience(*READERS)
@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty: its record, or the form that makes it for those whose turn it is."""
    row = get_object_or_404(reads.visible(request.user), pk=pk)
    kind = duties.DUTIES[row.key]
    answer = holds(request.user, services.ground_of(row), (kind.by,))
    form, problems = None, []
    if request.method == "POST":
        require(answer)
        form = DutyForm(request.POST, request.FILES, kind=kind)
        if row.done_on is None and form.is_valid():
            try:
                services.record(request.user, row, form.record())
            except Refused as refused:
                problems = [refused.reason]
            else:
                messages.success(request, _("已登錄「%(title)s」。") % {"title": kind.title})
                return redirect("grants:duty", pk)
    elif answer and row.done_on is None:
        form = DutyForm(kind=kind)
    figures = [(label, row.figures.get(key)) for key, label in kind.figures] if row.done_on else []
    context = {"row": row, "kind": kind, "case": row.application, "accent_county": row.county, "figures": figures}
    context |= {"form": None if row.done_on else form, "problems": problems}
    status = 422 if problems or (form is not None and form.errors) else 200
    return render(request, "grants/duties/detail.html", context, status=status)


@audience(*READERS)
@require_GET
def duty_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(reads.visible(request.user).select_related("file"), pk=pk)
    if row.file is None:
        raise Http404(_("這一項沒有檔案。"))
    return files.response(row.file, inline=True)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def duty_invite(request: HttpRequest, number: str) -> HttpResponse:
    """Set a presentation or a site visit for a case and tell the association."""
    case = case_or_404(request, number)
    require(holds(request.user, case, services.OFFICERS))
    form = InvitationForm(request.POST or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = services.invite(request.user, case, **form.cleaned_data)
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已排定，並已通知申請單位。"))
            return redirect("grants:duty", made.pk)
    context = {"case": case, "accent_county": case.county, "form": form, "problems": problems}
    return render(request, "grants/duties/invite.html", context, status=422 if problems or form.errors else 200)

"""Duties: the list of open ones, the record of one, its paper, and an event that an officer sets."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants import duty_kinds
from grants.forms.duties import AssociationDutyFilter, DutyFilter, DutyForm, InvitationForm, ReopenForm
from grants.models import Duty, Scheme
from grants.permissions import duty_ground, holds
from grants.queries import duties
from grants.queries.books import Book, book_of
from grants.services.duties import associations, occasions, records
from grants.tables.duties import AssociationDutyTable, DutyTable
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, AWARD_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.pages import Listing
from miaoli_kaohsiung.lists.queries import counties_of


def cards(rows: Any) -> list[tuple[Duty, duty_kinds.Duty]]:
    """Return rows with their kind, for templates/grants/duties/_table.html."""
    return [(row, duty_kinds.DUTIES[row.key]) for row in rows]


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def duty_list(request: SignedIn) -> HttpResponseBase:
    """Show open duties, the first due on top, or the recorded ones. Officers have the associations' yearly duties and
    the occasions on pages of their own.
    """
    offices = counties_of(request.user)
    found = DutyFilter(request.GET, duties.as_listed(duties.listed(request.user)), offices=offices)
    listing = Listing(request, "duties", DutyTable, found)
    context = {
        "list": listing,
        "is_office": bool(offices),
        "has_occasions": duties.has_occasions(request.user),
    }
    return listing.posted() or render(request, "grants/duties/list.html", context)


@audience(OFFICE_READERS)
@require_http_methods(["GET", "POST"])
def duty_communities(request: SignedIn) -> HttpResponseBase:
    """Show the yearly duties of each association, by township, tier and state: visits, meetings, election, accounts."""
    seen = duties.of_associations(duties.visible(request.user))
    found = AssociationDutyFilter(request.GET, duties.as_listed(seen), offices=counties_of(request.user))
    listing = Listing(request, "association-duties", AssociationDutyTable, found)
    context = {
        "list": listing,
        "progress": duties.progress(seen, clock.today().year),
        "roc_year": roc_year(clock.today().year),
    }
    return listing.posted() or render(request, "grants/duties/communities.html", context)


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def duty(request: SignedIn, pk: int) -> HttpResponse:
    """Show one duty: its record, or the form to record it for those whose turn it is."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    kind = duty_kinds.DUTIES[row.key]
    if row.key == duty_kinds.PROFILE and row.done_on is None:
        return redirect(reverse("grants:health", args=[row.organisation_id]) + "#profile")
    answer = holds(request.user, duty_ground(row), associations.recorders(kind))
    form, problems = None, []
    if request.method == "POST":
        require(answer)
        form = DutyForm(request.POST, request.FILES, kind=kind)
        if row.done_on is None and form.is_valid():
            try:
                records.record(request.user, row, form.record())
            except Refused as refused:
                problems = [refused.reason]
            else:
                messages.success(request, _("已登錄「%(title)s」。") % {"title": kind.title})
                return redirect("grants:duty", pk)
        hold_files(form, actor(request.user))
    elif answer and row.done_on is None:
        form = DutyForm(kind=kind, initial=_kept(row, kind))
    context = _page(request, row, kind) | {"form": None if row.done_on else form, "problems": problems}
    status = 422 if problems or (form is not None and form.errors) else 200
    return render(request, "grants/duties/detail.html", context, status=status)


def _book(request: SignedIn, row: Duty) -> Book | None:
    """Return the year that an association's yearly accounts are about, for its own people."""
    year = whole_number(row.period)
    if row.key != "accounts" or row.organisation is None or year is None:
        return None
    own = holds(request.user, duty_ground(row), Role.MEMBER)
    return book_of(row.organisation, year - 1) if own else None


def _page(request: SignedIn, row: Duty, kind: duty_kinds.Duty) -> dict[str, Any]:
    is_officer = holds(request.user, duty_ground(row), Role.CASE_OFFICER)
    return {
        "row": row,
        "kind": kind,
        "book": _book(request, row),
        "case": row.application,
        "accent_county": row.county,
        "scheme": row.application.scheme if row.application else Scheme.objects.filter(county=row.county).first(),
        "figures": [(label, row.figures.get(key)) for key, label in kind.figures] if row.done_on else [],
        "may_check_visit": row.key == "guidance" and is_officer,
        "may_check": bool(is_officer) and row.organisation_id and row.done_on and not row.checked_on,
        "may_reopen": associations.may_reopen(request.user, row),
        "may_change": occasions.may_change(request.user, row),
        "entries": duties.entries(row, request.user) if kind.stages else [],
    }


def _kept(row: Duty, kind: duty_kinds.Duty) -> dict[str, Any]:
    """Return the contents of a reopened record; for an occasion the sums of what is recorded about the associations."""
    values = {f"figure-{key}": Decimal(number) for key, number in row.figures.items()}
    sums = duties.sums(row) if kind.stages else {}
    counted = {f"figure-{key}": Decimal(sums[key]) for key, _label in kind.figures if key in sums}
    # A visit is recorded on the spot.
    held_on = row.held_on or (clock.today() if row.key == "guidance" else None)
    return {"held_on": held_on, "note": row.note} | values | counted


@audience(Role.CASE_OFFICER)
@require_POST
def duty_check(request: SignedIn, pk: int) -> HttpResponse:
    """Confirm that the county has checked the association's record."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    require(holds(request.user, duty_ground(row), Role.CASE_OFFICER))
    try:
        associations.check(request.user, row)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("已確認。"))
    return redirect("grants:duty", pk)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def duty_reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Reopen a record, with the reason."""
    row = get_object_or_404(duties.visible(request.user), pk=pk)
    require(associations.may_reopen(request.user, row))
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        associations.reopen(request.user, row, form.cleaned_data["reason"])
        messages.success(request, _("已收回，請重新登錄。"))
        return redirect("grants:duty", pk)
    context = {"row": row, "kind": duty_kinds.DUTIES[row.key], "accent_county": row.county, "form": form}
    return render(request, "grants/duties/reopen.html", context, status=422 if form.errors else 200)


@audience(AWARD_READERS)
@require_GET
def duty_file(request: SignedIn, pk: int) -> HttpResponseBase:
    row = get_object_or_404(duties.visible(request.user).select_related("file"), pk=pk)
    if row.file is None:
        raise Http404(_("這一項沒有檔案。"))
    return response(row.file, inline=True)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def duty_invite(request: SignedIn, number: str) -> HttpResponse:
    """Set a presentation or a site visit for a case and notify the association."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.CASE_OFFICER))
    form = InvitationForm(request.POST or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = records.invite(request.user, case, **form.cleaned_data)
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已排定，並已通知申請單位。"))
            return redirect("grants:duty", made.pk)
    context = {"case": case, "accent_county": case.county, "form": form, "problems": problems}
    return render(request, "grants/duties/invite.html", context, status=422 if problems or form.errors else 200)

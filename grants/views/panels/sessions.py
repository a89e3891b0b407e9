"""Presentation sessions in the browser: plan, invite, cancel, record."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.forms.panels.sessions import CancelForm, PlanForm, RecordForm
from grants.models import PresentationSession, Scheme
from grants.queries.panels import agendas
from grants.services.panels import minutes, sessions
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, CHECK_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with, holders_of
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

FILL = "fill"


@audience(CASE_OFFICERS)
@require_http_methods(["GET", "POST"])
def session_new(request: SignedIn, slug: str) -> HttpResponse:
    """Plan a session of a scheme."""
    scheme = get_object_or_404(Scheme.objects.filter(county__in=counties_with(request.user, CASE_OFFICERS)), slug=slug)
    form = _plan_form(request, scheme, None)
    if _sent(request, form) and (row := _planned(request, scheme, form, None)):
        return redirect("grants:session", row.pk)
    return _plan_page(request, scheme, form, None)


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def session(request: SignedIn, pk: int) -> HttpResponse:
    """Show a session; the officer plans it anew until it is invited to, and records it once it was held."""
    row = _found(request, pk)
    if request.method == "POST" and row.county not in counties_with(request.user, CASE_OFFICERS):
        raise Refused(_("簡報審查會由本縣承辦人辦理。"))
    if row.invited_on is None and row.cancelled_on is None and row.county in counties_with(request.user, CASE_OFFICERS):
        form = _plan_form(request, row.scheme, row)
        if _sent(request, form) and _planned(request, row.scheme, form, row):
            return redirect("grants:session", pk)
        return _plan_page(request, row.scheme, form, row)
    return _held(request, row)


@audience(CASE_OFFICERS)
@require_POST
def session_invite(request: SignedIn, pk: int) -> HttpResponse:
    """Draft the invitations."""
    row = _found(request, pk)
    try:
        count = sessions.invite(request.user, row)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        words = _("已擬好 %(count)d 件函稿，請到「公文」核對後發文；發文以後才算通知。")
        messages.success(request, words % {"count": count})
    return redirect("grants:session", pk)


@audience(CHECK_READERS)
@require_GET
def session_minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Return the minutes as PDF."""
    row = _found(request, pk)
    return made_pdf(minutes.paper(request.user, row), f"minutes-{row.pk}.pdf")


@audience(CASE_OFFICERS)
@require_http_methods(["GET", "POST"])
def session_cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Ask why, and cancel."""
    row = _found(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            out = sessions.cancel(request.user, row, form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            words = (
                _("已取消。已經發文的邀請函有 %(count)d 件，請另外通知。")
                if out
                else _("已取消，還沒發文的函稿也取消了。")
            )
            messages.success(request, words % {"count": out} if out else words)
            return redirect("grants:session", pk)
    context = {"session": row, "scheme": row.scheme, "accent_county": row.county, "form": form}
    return render(request, "grants/panels/session_cancel.html", context, status=422 if form.errors else 200)


def _held(request: SignedIn, row: PresentationSession) -> HttpResponse:
    """Show a session that people were invited to, or that was cancelled, with the form of what is recorded."""
    turns = agendas.agenda_of(row, request.user)
    ready = bool(row.invited_on) and row.cancelled_on is None and row.held_on <= clock.today()
    may_record = ready and row.county in counties_with(request.user, CASE_OFFICERS)
    form = RecordForm(request.POST if request.method == "POST" else None, session=row, turns=turns)
    if request.method == "POST" and form.is_valid():
        try:
            sessions.record(request.user, row, form.minutes())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已儲存。核定時，每一件會列出這場的紀錄。"))
            return redirect("grants:session", row.pk)
    context = {
        "session": row,
        "scheme": row.scheme,
        "accent_county": row.county,
        "turns": turns,
        "members": row.members.select_related("reviewer"),
        "letters": agendas.letters_of(row, request.user),
        "form": form if may_record else None,
        "hidden": row.items.count() - len(turns),
        "may_cancel": row.recorded_on is None
        and row.cancelled_on is None
        and row.county in counties_with(request.user, CASE_OFFICERS),
        "decides": row.county in counties_with(request.user, Role.APPROVER),
    }
    return render(request, "grants/panels/session.html", context, status=422 if form.errors else 200)


def _found(request: SignedIn, pk: int) -> PresentationSession:
    return get_object_or_404(agendas.sessions_of(counties_with(request.user, CHECK_READERS)), pk=pk)


def _sent(request: SignedIn, form: PlanForm) -> bool:
    return request.method == "POST" and request.POST.get("command") != FILL and form.is_valid()


def _plan_form(request: SignedIn, scheme: Scheme, row: PresentationSession | None) -> PlanForm:
    """Return the form as posted; 全部依案號排 numbers every case."""
    cases = agendas.cases_for(request.user, scheme, row)
    data: Any = None
    if request.method == "POST":
        data = request.POST.copy()
        if data.get("command") == FILL:
            data.update({f"turn-{case.pk}": "" for case in cases})
            for turn, case in enumerate(cases, 1):
                data[f"turn-{case.pk}"] = str(turn)
    reviewers = holders_of(Role.REVIEWER, county=scheme.county)
    return PlanForm(data, reviewers=reviewers, cases=cases, session=row)


def _planned(
    request: SignedIn, scheme: Scheme, form: PlanForm, row: PresentationSession | None
) -> PresentationSession | None:
    try:
        made = sessions.plan(request.user, scheme, form.plan(), row)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
    messages.success(request, _("議程已儲存；確定以後按「擬邀請函稿」。"))
    return made


def _plan_page(request: SignedIn, scheme: Scheme, form: PlanForm, row: PresentationSession | None) -> HttpResponse:
    filling = request.POST.get("command") == FILL
    if filling:
        form.is_valid()
    context = {
        "session": row,
        "scheme": scheme,
        "accent_county": scheme.county,
        "form": form,
        "turns": agendas.agenda_of(row, request.user) if row else [],
    }
    status = 422 if form.is_bound and form.errors and not filling else 200
    return render(request, "grants/panels/session_plan.html", context, status=status)

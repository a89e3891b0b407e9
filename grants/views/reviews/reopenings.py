"""Deciding a case anew: the record of its decisions, and the form that asks for a reopening."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.enums import CASE_DECIDED, DECISION_LETTERS
from grants.forms.awards import ReopeningForm
from grants.models import Proposal
from grants.permissions import holds
from grants.queries import scope
from grants.queries.applications.pages import item_name
from grants.services.reviews import reopenings
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.queries import history, open_change
from miaoli_kaohsiung.lib.access import Refused, require

from .frame import case_context, moved_on


@audience(AWARD_READERS)
@require_safe
def case_decisions(request: SignedIn, number: str) -> HttpResponse:
    """Show every decision on the case, the newest first, with its figures and letters, and why it was decided anew."""
    case = case_or_404(request, number)
    staff = bool(holds(request.user, case, COUNTY_READERS))
    decided = (Proposal.Decision.APPROVED, Proposal.Decision.REJECTED, Proposal.Decision.NOT_ACCEPTED)
    rows = case.proposals.filter(decision__in=decided).select_related("decided_by").prefetch_related("lines__line")
    context = case_context(case) | {
        "staff": staff,
        "decisions": [
            {"row": row, "lines": [(item_name(line.line), line) for line in row.lines.all()], "total": _total(row)}
            for row in rows
        ],
        "reopenings": case.reopenings.select_related("asked_by", "confirmed_by", "letter"),
        "letters": scope.letters(request.user).filter(application=case, kind__in=DECISION_LETTERS),
        "waiting": open_change(reopenings.KIND.name, case.county, case.number) if staff else None,
        "history": history(reopenings.KIND.name, case.county, case.number) if staff else None,
        "may_ask": case.status in CASE_DECIDED and bool(holds(request.user, case, CASE_HANDLERS)),
    }
    return render(request, "grants/reviews/decisions.html", context)


def _total(row: Proposal) -> int:
    return sum(line.decided or 0 for line in row.lines.all())


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def case_reopening(request: SignedIn, number: str) -> HttpResponse:
    """Ask another person to let the case be decided anew."""
    case = case_or_404(request, number)
    require(holds(request.user, case, CASE_HANDLERS))
    if case.status not in CASE_DECIDED:
        return moved_on(request, case, "reopen")
    if request.method == "GET" and (waiting := open_change(reopenings.KIND.name, case.county, case.number)):
        messages.info(request, _("已經有一件重新審查等人確認。"))
        return redirect("changes:show", waiting.pk)
    form = ReopeningForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            change = reopenings.ask(request.user, case, form.ruling())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已送出，請另一位主管確認。確認以前，原來的決定照舊。"))
            return redirect("changes:show", change.pk)
    context = case_context(case) | {"form": form, "problems": problems, "award": getattr(case, "award", None)}
    status = 422 if problems or form.errors else 200
    return render(request, "grants/reviews/reopening.html", context, status=status)

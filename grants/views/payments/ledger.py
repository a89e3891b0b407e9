"""The ledger of an award: every movement of its money, and the form that asks to correct one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.payments import EntryCorrectionForm
from grants.models import Award
from grants.permissions import holds
from grants.queries import scope
from grants.queries.payments import ledger_of, movements
from grants.services.audit import differences
from grants.services.payments import corrections
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.lib.access import Refused, require


@audience(COUNTY_READERS)
@require_safe
def award_ledger(request: SignedIn, number: str) -> HttpResponse:
    """Show every entry with who made it and what it takes back, the sums, and what was asked to be corrected."""
    award = _award_or_404(request, number)
    require(holds(request.user, award.application, COUNTY_READERS))
    may_ask = bool(holds(request.user, award.application, Role.FINANCE_OFFICER))
    asked = Change.objects.filter(kind=corrections.KIND.name, county=award.county, subject__startswith=f"{number}:")
    context = {
        "award": award,
        "case": award.application,
        "accent_county": award.county,
        "entries": [(row, may_ask and corrections.may_correct(row)) for row in ledger_of(award)],
        "money": movements(award),
        "differences": list(differences(numbers=[number])),
        "history": asked.select_related("proposed_by", "checked_by", "decided_by", "scan"),
    }
    return render(request, "grants/payments/ledger.html", context)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def entry_correct(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Ask another person to correct an entry."""
    award = _award_or_404(request, number)
    require(holds(request.user, award.application, Role.FINANCE_OFFICER))
    entry = get_object_or_404(ledger_of(award), pk=pk)
    entry.award = award
    form = EntryCorrectionForm(request.POST or None, request.FILES or None, entry=entry)
    problems: list[str] = [] if corrections.may_correct(entry) else [_("這一筆已經更正過，或不能這樣更正。")]
    if request.method == "POST" and form.is_valid():
        try:
            change = corrections.ask(request.user, entry, form.finding())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已送出，請另一位出納或主管確認。確認以前，帳上不變。"))
            return redirect("changes:show", change.pk)
    hold_files(form, actor(request.user))
    context = {
        "award": award,
        "case": award.application,
        "accent_county": award.county,
        "entry": entry,
        "form": form,
        "problems": problems,
    }
    status = 422 if problems or form.errors else 200
    return render(request, "grants/payments/correct.html", context, status=status)


def _award_or_404(request: SignedIn, number: str) -> Award:
    rows = scope.awards(request.user).select_related("application__organisation", "application__scheme")
    return get_object_or_404(rows, number=number)

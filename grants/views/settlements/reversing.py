"""Asking to take the acceptance of an account back; another person confirms it on the page of the change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.settlements.reversing import ReversalForm
from grants.permissions import holds
from grants.queries.payments import movements, outcome_of
from grants.services.settlements import reversing
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.lib.access import Refused, require

from .steps import settlement_or_404


@audience(COUNTY_STAFF)
@require_http_methods(["GET", "POST"])
def settlement_reverse(request: SignedIn, number: str) -> HttpResponse:
    """Show what the acceptance came to, and ask the approver to take it back."""
    settlement = settlement_or_404(request, number)
    award = settlement.award
    require(holds(request.user, award.application, COUNTY_STAFF))
    form = ReversalForm(request.POST or None, request.FILES or None)
    problems: list[str] = [] if reversing.may_ask(settlement) else [_("還沒有准予核銷，沒有要撤銷的核銷。")]
    if request.method == "POST" and form.is_valid():
        try:
            change = reversing.ask(request.user, settlement, form.ground())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已送出，請主管確認。確認以前，核銷和款項都不變。"))
            return redirect("changes:show", change.pk)
    hold_files(form, actor(request.user))
    money = movements(award)
    context = {
        "award": award,
        "case": award.application,
        "accent_county": award.county,
        "settlement": settlement,
        "money": money,
        "outcome": outcome_of(award, money),
        "form": form,
        "problems": problems,
    }
    status = 422 if problems or form.errors else 200
    return render(request, "grants/settlements/reverse.html", context, status=status)

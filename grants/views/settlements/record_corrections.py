"""Asking to correct a wrongly recorded day, and another person's answer; both are on the settlement's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.forms.decisions import RefusalForm
from grants.forms.settlements.record_corrections import CompletionCorrectionForm
from grants.permissions import holds
from grants.services.settlements import record_corrections
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, CASE_HANDLERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.access import require

from .steps import award_or_404, show


@audience(ASSOCIATION_OR_OFFICER)
@require_POST
def completion_correct(request: SignedIn, number: str) -> HttpResponse:
    """Ask for another day of completion, with the reason."""
    award = award_or_404(request, number)
    require(holds(request.user, award.application, ASSOCIATION_OR_OFFICER))
    form = CompletionCorrectionForm(request.POST, award=award)
    if not form.is_valid():
        return show(request, award, 422, correct_form=form)
    record_corrections.ask_completion(request.user, award, **form.cleaned_data)
    messages.success(request, _("已提出更正，另一位承辦人或主管確認後才會生效。"))
    return redirect("grants:settlement_detail", number)


@audience(CASE_HANDLERS)
@require_POST
def completion_correct_decide(request: SignedIn, number: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what somebody else asked for."""
    award = award_or_404(request, number)
    row = get_object_or_404(award.corrections.select_related("award__application"), pk=pk)
    require(holds(request.user, award.application, CASE_HANDLERS))
    if name == "confirm":
        record_corrections.confirm(request.user, row)
        messages.success(request, _("已更正，結報期限也重新計算。"))
    else:
        form = RefusalForm(request.POST)
        if not form.is_valid():
            return show(request, award, 422, correct_refusal=form)
        record_corrections.refuse(request.user, row, form.reason)
        messages.success(request, _("已記下不同意，並通知提出的人。"))
    return redirect("grants:settlement_detail", number)


@audience(ASSOCIATION_OR_OFFICER)
@require_POST
def completion_correct_withdraw(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Take back what one asked for oneself."""
    award = award_or_404(request, number)
    row = get_object_or_404(award.corrections.select_related("award__application"), pk=pk)
    record_corrections.withdraw(request.user, row)
    messages.success(request, _("已收回更正。"))
    return redirect("grants:settlement_detail", number)

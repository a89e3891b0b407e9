"""Money that must come back: the association's proof that it paid, and finance's record of what arrived."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.enums import AwardStatus
from grants.forms.payments import MoneyBackForm, ReturnProofForm
from grants.permissions import holds, post_for
from grants.queries.payments import first_paid_on, refund_due
from grants.services.payments import returns
from grants.views.settlements.steps import award_or_404, show
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import money
from miaoli_kaohsiung.lib.access import require


@audience(Role.FINANCE_OFFICER)
@require_POST
def settlement_money_back(request: SignedIn, number: str) -> HttpResponse:
    """Record money that came back from the association."""
    award = award_or_404(request, number)
    require(holds(request.user, award.application, Role.FINANCE_OFFICER))
    # The second of two clicks finds the award closed: the service recognises it by its voucher and refuses any other.
    closed = award.status == AwardStatus.CLOSED
    due = money.MAX_AMOUNT if closed else refund_due(award)
    form = MoneyBackForm(request.POST, due=due, since=first_paid_on(award))
    if not form.is_valid():
        return show(request, award, 422, money_back_form=form)
    returns.record_return(request.user, award, **form.cleaned_data)
    messages.success(request, _("已登記繳回，並已通知申請單位。"))
    return redirect("grants:settlement_detail", number)


@audience(Role.MEMBER)
@require_POST
def settlement_return_proof(request: SignedIn, number: str) -> HttpResponse:
    """Keep the association's proof that it has paid."""
    award = award_or_404(request, number)
    require(holds(request.user, award.application, Role.MEMBER))
    form = ReturnProofForm(request.POST, request.FILES, due=refund_due(award), since=first_paid_on(award))
    if not form.is_valid():
        return show(request, award, 422, return_proof_form=form)
    returns.add_proof(request.user, award, **form.cleaned_data)
    messages.success(request, _("已送出繳款證明。款項入帳後，縣府會通知您。"))
    return redirect("grants:settlement_detail", number)


@audience(PAPER_READERS)
@require_GET
def settlement_return_file(request: SignedIn, number: str, proof_id: int) -> HttpResponseBase:
    """Return the proof as it was uploaded."""
    award = award_or_404(request, number)
    if post_for(request.user, award.application, PAPER_READERS) is None:
        raise Http404
    proof = get_object_or_404(award.return_proofs.select_related("file"), pk=proof_id)
    return response(proof.file, inline=True)

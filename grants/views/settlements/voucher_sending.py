"""Vouchers that waited on a device without a net: sent later by static/js/waiting-vouchers.js, each once."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants.forms.settlements.vouchers import VoucherEntryForm
from grants.models import Voucher
from grants.services.settlements import vouchers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lib.money import format_amount

from .steps import settlement_or_404


@audience(Role.MEMBER)
@require_POST
def settlement_voucher_send(request: SignedIn, number: str) -> JsonResponse:
    """Enter a voucher and return {saved}; what was entered under the same key before is not entered again, also where
    the 結報 has been handed in since. 409 with {message} where somebody must look at it.
    """
    settlement = settlement_or_404(request, number)
    form = VoucherEntryForm(request.POST, request.FILES, settlement=settlement)
    right = form.is_valid()
    if earlier := vouchers.kept_under(settlement, form.cleaned_data.get("key")):
        return _saved(earlier)
    if not right:
        return JsonResponse({"message": _problems(form)}, status=409)
    try:
        return _saved(vouchers.add(request.user, settlement, form.entry()))
    except Refused as refused:
        return JsonResponse({"message": str(refused.reason)}, status=409)


def _saved(row: Voucher) -> JsonResponse:
    return JsonResponse({"saved": {"number": row.position, "amount": format_amount(row.amount)}})


def _problems(form: VoucherEntryForm) -> str:
    return " ".join(
        _("%(field)s：%(why)s") % {"field": form.fields[name].label if name in form.fields else "", "why": why}
        for name, errors in form.errors.items()
        for why in errors
    )


@public_page
@require_safe
@no_page
def voucher_worker(request: HttpRequest) -> HttpResponse:
    """Return the script by which the page of a voucher opens without a net. Its address is the reach that it has."""
    script = Path(settings.BASE_DIR) / "static" / "js" / "voucher-worker.js"
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )

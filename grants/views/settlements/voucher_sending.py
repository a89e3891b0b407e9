"""Vouchers and rosters that waited on a device without a net: sent later by static/js/waiting-vouchers.js, each once."""

from pathlib import Path

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants.forms.settlements.rosters import RosterForm, RosterRows, numbered
from grants.forms.settlements.vouchers import VoucherEntryForm
from grants.models import Settlement, Voucher
from grants.services.settlements import vouchers
from grants.services.settlements.rosters import last_numbers
from grants.services.settlements.vouchers import Entry
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lib.money import format_amount

from .rosters import roster_line_or_404
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
        return _refused(" ".join(_problems(form)))
    return _added(request, settlement, form.entry())


@audience(Role.MEMBER)
@require_POST
def settlement_roster_send(request: SignedIn, number: str, line: int) -> JsonResponse:
    """Enter a roster of this line in the same way. The numbers of people do not wait on a device: those who stood on the
    last roster keep theirs, of others it is asked.
    """
    settlement = settlement_or_404(request, number)
    row = roster_line_or_404(settlement, line)
    form = RosterForm(request.POST, request.FILES, line=row)
    rows = RosterRows(row, numbered(request.POST, last_numbers(row)))
    right = [form.is_valid(), rows.is_valid()]
    if earlier := vouchers.kept_under(settlement, form.cleaned_data.get("key")):
        return _saved(earlier)
    if not all(right):
        wrong = [
            _("%(name)s　%(why)s") % {"name": one["name"].value(), "why": why}
            for one in rows.forms
            for why in _problems(one)
        ]
        return _refused(" ".join([*_problems(form), *rows.problems, *wrong]))
    return _added(request, settlement, form.entry(rows.people))


def _added(request: SignedIn, settlement: Settlement, entry: Entry) -> JsonResponse:
    try:
        return _saved(vouchers.add(request.user, settlement, entry))
    except Refused as refused:
        return _refused(str(refused.reason))


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=409)


def _saved(row: Voucher) -> JsonResponse:
    return JsonResponse({"saved": {"number": row.position, "amount": format_amount(row.amount)}})


def _problems(form: Form) -> list[str]:
    return [
        _("%(field)s：%(why)s") % {"field": form.fields[name].label if name in form.fields else "", "why": why}
        for name, errors in form.errors.items()
        for why in errors
    ]


@public_page
@require_safe
@no_page
def voucher_worker(request: HttpRequest) -> HttpResponse:
    """Return the script by which the page of a voucher opens without a net. Its address is the reach that it has."""
    script = Path(settings.BASE_DIR) / "static" / "js" / "voucher-worker.js"
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )

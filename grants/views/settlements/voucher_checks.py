"""Checking voucher by voucher: the photo beside what stands on it, one decision each, by keys or by touch."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance.rosters import admissible, kept_findings
from grants.enums import VoucherKind
from grants.forms.settlements.vouchers import VoucherCheckForm
from grants.letters.compose import item_name
from grants.models import Settlement, Voucher
from grants.permissions import holds
from grants.queries import scope
from grants.queries.settlements.vouchers import facts_of, next_unchecked, rows_of, twins, unchecked
from grants.services.settlements import vouchers
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.leads_back import ClosedFormError

from .voucher_rows import beside
from .vouchers import frame, readable_or_404, voucher_or_404


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def settlement_voucher_check(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Say how much of a voucher is admitted, then go on with the next one that nobody looked at."""
    settlement = readable_or_404(request, number)
    row = voucher_or_404(settlement, pk)
    require(holds(request.user, settlement.award.application, Role.FINANCE_OFFICER))
    if not (answer := settlements.TABLE.answer(settlement, "check_sums", request.user)):
        raise ClosedFormError(answer.reason, redirect("grants:settlement_vouchers", number).url)
    if request.method == "GET":
        return _page(request, settlement, row, VoucherCheckForm(row=row, initial=_by_law(row)))
    if request.POST.get("command") == "all":
        vouchers.check(request.user, row, row.amount)
        return _go_on(request, settlement, row)
    form = VoucherCheckForm(request.POST, row=row)
    if not form.is_valid():
        return _page(request, settlement, row, form)
    vouchers.check(request.user, row, form.cleaned_data["admitted"], form.cleaned_data["reason"])
    return _go_on(request, settlement, row)


def _go_on(request: SignedIn, settlement: Settlement, row: Voucher) -> HttpResponse:
    following = next_unchecked(settlement, row.position)
    if following is None:
        messages.success(request, _("單據都核過了。請看各項合計，再按「憑證已核」。"))
        return redirect("grants:settlement_detail", settlement.number)
    return redirect("grants:settlement_voucher_check", settlement.number, following)


def _page(request: SignedIn, settlement: Settlement, row: Voucher, form: VoucherCheckForm) -> HttpResponse:
    rows = rows_of(settlement)
    at = next(place for place, one in enumerate(rows) if one.pk == row.pk)
    context: dict[str, Any] = frame(settlement) | {
        "row": row,
        "name": item_name(row.line.line.item),
        "form": form,
        "place": at + 1,
        "count": len(rows),
        "open": unchecked(settlement),
        "before": rows[at - 1].pk if at else None,
        "after": rows[at + 1].pk if at + 1 < len(rows) else None,
        "twins": _twins(request, row),
    }
    context |= beside(row, request.user)
    status = 422 if form.errors else 200
    return render(request, "grants/settlements/voucher_check.html", context, status=status)


def _by_law(row: Voucher) -> dict[str, Any]:
    """Return what the law leaves of a roster that nobody looked at yet, with the reason; else what was decided."""
    held = {"admitted": row.amount if row.admitted is None else row.admitted, "reason": row.reason}
    if row.admitted is not None or row.kind != VoucherKind.ROSTER:
        return held
    found = kept_findings(row.line, row.pk, beyond=True)
    most = admissible([one.pay for one in row.people.all()], found)
    if most == row.amount:
        return held
    clauses = "、".join(dict.fromkeys(one.clause for one in found if one.certain and one.most is not None))
    return {"admitted": most, "reason": _("超過%(clauses)s的部分由單位自付。") % {"clauses": clauses}}


def _twins(request: SignedIn, row: Voucher) -> list[dict[str, Any]]:
    """Return the vouchers that look like this one; of a case that this person may not see no more than that."""
    found = list(twins(facts_of(row), apart_from=row.pk))
    seen = set(
        scope.awards(request.user)
        .filter(pk__in=[twin.settlement.award_id for twin in found])
        .values_list("pk", flat=True)
    )
    return [{"row": twin, "seen": twin.settlement.award_id in seen} for twin in found]

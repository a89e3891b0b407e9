"""A case that an alliance files together: its shares, its vouchers by association, and each association's own part."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.queries import alliances
from grants.enums import EDITABLE, WITH_THE_ASSOCIATION
from grants.forms.joint import AllotForm, JoinForm, SharesForm
from grants.models import Application, JointCase, Settlement
from grants.permissions import holds
from grants.queries import joint, scope
from grants.services.joint import allot, divide, join
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.access import Refused


@audience(AWARD_READERS)
@require_safe
def joint_case(request: SignedIn, number: str) -> HttpResponse:
    """Show who of the alliance is to have what, and what was spent; to the lead the forms."""
    case = _case(request, number)
    return _page(request, case)


def _page(request: SignedIn, case: Application, status: int = 200, **forms: Any) -> HttpResponse:
    found = joint.of_case(case)
    table = joint.table_of(found, case) if found else None
    own = bool(holds(request.user, case, Role.MEMBER))
    settlement = _settlement(case)
    context: dict[str, Any] = {
        "case": case,
        "accent_county": case.county,
        "joint": found,
        "table": table,
        "own": own,
        "may_join": own and case.status in EDITABLE,
        "settlement": settlement,
    }
    if context["may_join"]:
        context["join_form"] = JoinForm(choices=alliances.in_force(case.organisation))
        context["choices"] = alliances.in_force(case.organisation).exists()
    if own and found and table and (case.status in EDITABLE or _divisible(table, settlement)):
        context["shares_form"] = SharesForm(rows=table.rows, awarded=table.awarded is not None)
    if own and found and table and settlement and settlement.status in WITH_THE_ASSOCIATION:
        context["allot_form"] = _allot_form(found, settlement)
    return render(request, "grants/joint/case.html", context | forms, status=status)


def _divisible(table: joint.Table, settlement: Settlement | None) -> bool:
    return table.awarded is not None and (settlement is None or settlement.submitted_on is None)


def _settlement(case: Application) -> Settlement | None:
    rows = Settlement.objects.filter(award__application=case)
    return rows.select_related("award__application__scheme", "award__application__programme").first()


def _allot_form(found: JointCase, settlement: Settlement, data: Any = None) -> AllotForm:
    bodies = [share.organisation for share in found.shares.all()]
    return AllotForm(data, vouchers=joint.vouchers_of(settlement), bodies=bodies)


@audience(Role.MEMBER)
@require_POST
def joint_join(request: SignedIn, number: str) -> HttpResponse:
    """Say for which alliance the case is filed."""
    case = _case(request, number)
    form = JoinForm(request.POST, choices=alliances.in_force(case.organisation))
    if not form.is_valid():
        return _page(request, case, 422, join_form=form)
    join(request.user, case, form.cleaned_data["alliance"])
    messages.success(request, _("已選好結盟，接著請分攤金額。"))
    return redirect("grants:joint_case", number)


@audience(Role.MEMBER)
@require_POST
def joint_divide(request: SignedIn, number: str) -> HttpResponse:
    """Say what each association is to have."""
    case = _case(request, number)
    found = _joint(case)
    table = joint.table_of(found, case)
    form = SharesForm(request.POST, rows=table.rows, awarded=table.awarded is not None)
    if form.is_valid():
        try:
            divide(request.user, case, form.amounts())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已儲存分攤。"))
            return redirect("grants:joint_case", number)
    return _page(request, case, 422, shares_form=form)


@audience(Role.MEMBER)
@require_POST
def joint_allot(request: SignedIn, number: str) -> HttpResponse:
    """Say which association spent what each voucher says."""
    case = _case(request, number)
    found, settlement = _joint(case), _settlement(case)
    if settlement is None:
        raise Http404(_("還沒有結報。"))
    form = _allot_form(found, settlement, request.POST)
    if not form.is_valid():
        return _page(request, case, 422, allot_form=form)
    count = allot(request.user, settlement, form.whose())
    messages.success(request, _("已分好 %(count)d 張單據。") % {"count": count})
    return redirect("grants:joint_case", number)


@audience(AWARD_READERS)
@require_http_methods(["GET", "HEAD"])
def joint_share(request: SignedIn, number: str, body: int) -> HttpResponse:
    """Show an association of the alliance its own part: the share and its vouchers. Who reads the case sees each part."""
    rows = JointCase.objects.filter(application__number=number, application__first_filed_on__isnull=False)
    found = get_object_or_404(rows.select_related("application__programme", "application__scheme"))
    case = found.application
    if body not in joint.own_bodies(request.user) and not scope.cases(request.user).filter(pk=case.pk).exists():
        raise Http404(_("找不到這個案號，或不是您可以看的案件。"))
    whole = _joint(case)
    table = joint.table_of(whole, case)
    row = next((row for row in table.rows if row.organisation.pk == body), None)
    if row is None:
        raise Http404(_("這個協會不在這一件裡。"))
    settlement = _settlement(case)
    vouchers = joint.vouchers_of(settlement) if settlement else []
    context = {
        "case": case,
        "alliance": whole.alliance,
        "row": row,
        "table": table,
        "vouchers": [one for one in vouchers if one.whose == body],  # type: ignore[attr-defined]  # of vouchers_of
        "accent_county": case.county,
    }
    return render(request, "grants/joint/share.html", context)


def _case(request: SignedIn, number: str) -> Application:
    rows = scope.cases(request.user).select_related("organisation", "programme", "scheme")
    case = get_object_or_404(rows, number=number)
    if not joint.is_joint(case):
        raise Http404(_("這個補助類別不是由結盟申請。"))
    return case


def _joint(case: Application) -> JointCase:
    found = joint.of_case(case)
    if found is None:
        raise Http404(_("這一件還沒有選結盟。"))
    return found

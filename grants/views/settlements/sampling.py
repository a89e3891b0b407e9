"""A county's rule of sampling, and admitting the vouchers of a settlement that was not drawn."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.settlements.sampling import SamplingForm
from grants.queries.settlements.sampling import NAME, rule_of
from grants.services.settlements.sampling import admit_all, propose
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.changes.queries import history, open_change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .vouchers import readable_or_404


@audience(COUNTY_READERS)
@require_safe
def sampling_of_counties(request: SignedIn) -> HttpResponse:
    """Lead to the rule of the person's county; with posts in several, of the first."""
    counties = sorted(counties_with(request.user, COUNTY_READERS))
    if not counties:
        raise Http404
    return redirect("grants:sampling", counties[0])


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def sampling(request: SignedIn, county: str) -> HttpResponse:
    """Show what holds, and propose another rule to another person."""
    if county not in counties_with(request.user, COUNTY_READERS):
        raise Http404
    rule = rule_of(county, clock.today())
    form = (
        SamplingForm(request.POST or None, rule=rule) if county in counties_with(request.user, MONEY_KEEPERS) else None
    )
    if request.method == "POST":
        if form is None:
            raise Refused(_("抽查的規定由主計或主管提出，由另一位確認。"))
        if form.is_valid():
            try:
                change = propose(request.user, county, form.rule(), **form.paper())
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("已送出，請另一位主計或主管確認。確認以前，照原來的規定。"))
                return redirect("changes:show", change.pk)
    context = {
        "county": county,
        "county_name": name_of(county, clock.today()),
        "rule": rule,
        "form": form,
        "waiting": open_change(NAME, county, county),
        "history": history(NAME, county, county),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "grants/settlements/sampling.html", context, status=status)


@audience(Role.FINANCE_OFFICER)
@require_POST
def settlement_vouchers_at_once(request: SignedIn, number: str) -> HttpResponse:
    """Admit all vouchers of a settlement that was not drawn."""
    settlement = readable_or_404(request, number)
    count = admit_all(request.user, settlement)
    messages.success(request, _("%(count)d 張單據已全數准予。請看各項合計，再按「憑證已核」。") % {"count": count})
    return redirect("grants:settlement_detail", number)

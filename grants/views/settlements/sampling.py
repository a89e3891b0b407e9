"""A county's rule of sampling, and admitting the vouchers of a settlement that was not drawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.settlements.sampling import SamplingForm
from grants.queries.settlements.sampling import rule_of
from grants.services.settlements.sampling import KIND, admit_all, propose
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.pages import RulePage, lead
from miaoli_kaohsiung.lib import clock

from .vouchers import readable_or_404

PAGE = RulePage(
    kind=KIND,
    readers=COUNTY_READERS,
    rule=lambda county: rule_of(county, clock.today()),
    form=lambda data, county, rule: SamplingForm(data, rule=rule),
    propose=propose,
    refusal=_l("抽查的規定由主計或主管提出，由另一位確認。"),
    sent=_l("已送出，請另一位主計或主管確認。確認以前，照原來的規定。"),
    template="grants/settlements/sampling.html",
)


@audience(COUNTY_READERS)
@require_safe
def sampling_of_counties(request: SignedIn) -> HttpResponse:
    return lead(request, COUNTY_READERS, "grants:sampling")


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def sampling(request: SignedIn, county: str) -> HttpResponse:
    return PAGE.respond(request, county)


@audience(Role.FINANCE_OFFICER)
@require_POST
def settlement_vouchers_at_once(request: SignedIn, number: str) -> HttpResponse:
    """Admit all vouchers of a settlement that was not drawn."""
    settlement = readable_or_404(request, number)
    count = admit_all(request.user, settlement)
    messages.success(request, _("%(count)d 張單據已全數准予。請看各項合計，再按「憑證已核」。") % {"count": count})
    return redirect("grants:settlement_detail", number)

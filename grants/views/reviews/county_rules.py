"""Who decides which amounts in a county, and its reasons of cuts: what holds, and the form that proposes a change."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.awards import DecidingRulesForm
from grants.queries.reviews.county_rules import rules_of
from grants.services.reviews import county_rules
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.pages import RulePage, lead
from miaoli_kaohsiung.lib import clock

PAGE = RulePage(
    kind=county_rules.KIND,
    readers=COUNTY_READERS,
    rule=lambda county: rules_of(county, clock.today()),
    form=lambda data, county, rules: DecidingRulesForm(data, county=county, rules=rules),
    propose=county_rules.propose,
    refusal=_("核定權責由承辦人或主管提出，由另一位主管確認。"),
    sent=_("已送出，請另一位主管確認。確認以前，照原來的規定。"),
    template="grants/reviews/county_rules.html",
    sentences=county_rules.in_words,
)


@audience(COUNTY_READERS)
@require_safe
def deciding_rules_of_counties(request: SignedIn) -> HttpResponse:
    return lead(request, COUNTY_READERS, "grants:deciding_rules")


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def deciding_rules(request: SignedIn, county: str) -> HttpResponse:
    return PAGE.respond(request, county)

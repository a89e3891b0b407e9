"""Who decides which amounts in a county, and its reasons of cuts: what holds, and the form that proposes a change."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.awards import DecidingRulesForm
from grants.queries.reviews.county_rules import NAME, rules_of
from grants.services.reviews import county_rules
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.changes.queries import history, open_change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused


@audience(COUNTY_READERS)
@require_safe
def deciding_rules_of_counties(request: SignedIn) -> HttpResponse:
    """Lead to the rules of the person's county; with posts in several, of the first."""
    counties = sorted(counties_with(request.user, COUNTY_READERS))
    if not counties:
        raise Http404
    return redirect("grants:deciding_rules", counties[0])


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def deciding_rules(request: SignedIn, county: str) -> HttpResponse:
    """Show what holds, and propose other rules to another person."""
    if county not in counties_with(request.user, COUNTY_READERS):
        raise Http404
    may_edit = county in counties_with(request.user, CASE_HANDLERS)
    rules = rules_of(county, clock.today())
    form = DecidingRulesForm(request.POST or None, county=county, rules=rules) if may_edit else None
    if request.method == "POST":
        if form is None:
            raise Refused(_("核定權責由承辦人或主管提出，由另一位主管確認。"))
        if form.is_valid():
            try:
                change = county_rules.propose(request.user, county, form.rules(), **form.paper())
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("已送出，請另一位主管確認。確認以前，照原來的規定。"))
                return redirect("changes:show", change.pk)
    context = {
        "county": county,
        "county_name": name_of(county, clock.today()),
        "rules": rules,
        "levels": county_rules.in_words(rules),
        "form": form,
        "waiting": open_change(NAME, county, county),
        "history": history(NAME, county, county),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "grants/reviews/county_rules.html", context, status=status)

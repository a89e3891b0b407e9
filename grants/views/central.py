"""Central programmes (M5.1): the county's list of them, what associations ask, forwarding and results."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.queries import changes_of, registered
from grants.forms.central import AskForm, CentralFilter, ForwardForm, ProgrammeForm, ResultForm
from grants.models import CentralProgramme, CentralRequest
from grants.permissions import body_ground, holds
from grants.queries import central
from grants.services.central import programmes, requests
from grants.tables.central import CentralTable
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with, post_with, posts_of
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.pages import Listing


@audience(AWARD_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_list(request: SignedIn) -> HttpResponseBase:
    """Show the requests to central programmes, to be taken out in the columns of a ministry's sheet."""
    rows = central.requests_of(request.user)
    years = [(year, str(roc_year(year))) for year in rows.order_by("-year").values_list("year", flat=True).distinct()]
    listing = Listing(request, "central", CentralTable, CentralFilter(request.GET, rows, years=years))
    own = [post.organisation_id for post in posts_of(request.user) if post.role == Role.MEMBER]
    return listing.posted() or render(request, "grants/central/list.html", {"list": listing, "own": own})


@audience(AWARD_READERS)
@require_safe
def programme_list(request: SignedIn) -> HttpResponse:
    """Show the county's list of central programmes with what is to be prepared."""
    counties = sorted({post.county for post in posts_of(request.user) if post.role in AWARD_READERS})
    rows = CentralProgramme.objects.filter(county__in=counties)
    keeps = sorted(counties_with(request.user, CASE_HANDLERS))
    changes = [change for county in keeps for change in changes_of([central.PROGRAMME], county)]
    return render(request, "grants/central/programmes.html", {"rows": rows, "keeps": keeps, "history": changes})


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def programme_new(request: SignedIn) -> HttpResponse:
    """Propose a programme for the list; another person confirms it."""
    post = post_with(request.user, CASE_HANDLERS)
    assert post is not None, "the audience sees to it"
    return _programme(request, post.county, None)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def programme_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Propose other values of a programme."""
    counties = counties_with(request.user, CASE_HANDLERS)
    row = get_object_or_404(CentralProgramme.objects.filter(county__in=counties), pk=pk)
    return _programme(request, row.county, row)


def _programme(request: SignedIn, county: str, row: CentralProgramme | None) -> HttpResponse:
    initial = {name: getattr(row, name) for name in programmes.FIELDS} if row else {}
    form = ProgrammeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change = programmes.propose(request.user, county, row, form.values(), form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已送出，請另一位同仁確認。"))
            return redirect("changes:show", change.pk)
    context = {"form": form, "row": row, "accent_county": county}
    return render(request, "grants/central/programme.html", context, status=422 if form.errors else 200)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Let an association ask; what the registry and its own cases know is not typed again."""
    organisation = get_object_or_404(registered(request.user), pk=pk)
    require(holds(request.user, body_ground(organisation), Role.MEMBER))
    form = AskForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.ask(request.user, organisation, form.asked())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已送出，縣府會加註意見函轉。"))
            return redirect("grants:central_request", made.pk)
    context = {
        "form": form,
        "organisation": organisation,
        "facts": central.facts_of(organisation),
        "open": central.open_programmes(organisation.county).exists(),
    }
    return render(request, "grants/central/ask.html", context, status=422 if form.errors else 200)


@audience(AWARD_READERS)
@require_safe
def request_page(request: SignedIn, pk: int) -> HttpResponse:
    """Show a request with the forms for what comes next."""
    return _page(request, _found(request, pk))


@audience(Role.CASE_OFFICER)
@require_POST
def forward(request: SignedIn, pk: int) -> HttpResponse:
    """Note the county's opinion and the number under which it was forwarded."""
    row, form = _found(request, pk), ForwardForm(request.POST)
    require(holds(request.user, body_ground(row.organisation), Role.CASE_OFFICER))
    if form.is_valid():
        try:
            requests.forward(request.user, row, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已登錄函轉，並通知協會。"))
            return redirect("grants:central_request", pk)
    return _page(request, row, forward_form=form)


@audience(Role.CASE_OFFICER)
@require_POST
def result(request: SignedIn, pk: int) -> HttpResponse:
    """Note what the ministry decided."""
    row, form = _found(request, pk), ResultForm(request.POST)
    require(holds(request.user, body_ground(row.organisation), Role.CASE_OFFICER))
    if form.is_valid():
        try:
            requests.record_result(request.user, row, form.outcome())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已登錄結果，並通知協會。"))
            return redirect("grants:central_request", pk)
    return _page(request, row, result_form=form)


def _found(request: SignedIn, pk: int) -> CentralRequest:
    return get_object_or_404(central.requests_of(request.user), pk=pk)


def _page(request: SignedIn, row: CentralRequest, **bound: Any) -> HttpResponse:
    officer = holds(request.user, body_ground(row.organisation), Role.CASE_OFFICER)
    forms: dict[str, Any] = {}
    if officer and row.forwarded_on is None:
        forms["forward_form"] = ForwardForm()
    elif officer and not row.result:
        forms["result_form"] = ResultForm()
    context = {"row": row, "accent_county": row.organisation.county, **forms, **bound}
    return render(request, "grants/central/request.html", context, status=422 if bound else 200)

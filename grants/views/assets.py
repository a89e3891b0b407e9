"""Property that grants paid for: a body's register on screen and on paper, and the county's list."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import permissions, queries
from communities.models import Organisation
from grants.forms.assets import KeepForm, PropertyFilter, WriteOffForm
from grants.models import PropertyItem
from grants.permissions import body_ground, holds
from grants.queries.assets import held, in_counties, waiting
from grants.services.assets import keeping, papers
from grants.tables.assets import PropertyTable
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lists.pages import Listing


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def property_list(request: SignedIn) -> HttpResponseBase:
    """Show the property of the bodies of my counties."""
    counties = sorted(counties_with(request.user, COUNTY_READERS))
    rows = in_counties(request.user).order_by("-acquired_on", "number")
    listing = Listing(request, "property", PropertyTable, PropertyFilter(request.GET, rows, counties=counties))
    return listing.posted() or render(request, "grants/assets/list.html", {"list": listing})


@audience(PAPER_READERS)
@require_safe
def register(request: SignedIn, pk: int) -> HttpResponse:
    """Show what a body has, had, and wants to write off."""
    body = _body(request, pk)
    proposed = waiting(body)
    rows = [(item, proposed.get(item.number)) for item in held(body)]
    context = {
        "organisation": body,
        "rows": rows,
        "total": sum(item.amount for item, _change in rows if item.written_off_on is None),
        "keeps": bool(holds(request.user, body_ground(body), Role.MEMBER)),
        "today": clock.today(),
    }
    return render(request, "grants/assets/register.html", context)


@audience(PAPER_READERS)
@require_safe
@no_page
def register_pdf(request: SignedIn, pk: int) -> HttpResponse:
    """Return the register on paper."""
    body = _body(request, pk)
    try:
        return made_pdf(papers.printed(body), f"property-{pk}.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("grants:property", pk)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def keep(request: SignedIn, pk: int, item: int) -> HttpResponse:
    """Say where a thing stands and who keeps it."""
    row = _own_item(request, pk, item)
    form = KeepForm(request.POST or None, initial={name: getattr(row, name) for name in keeping.COLUMNS})
    if request.method == "POST" and form.is_valid():
        keeping.keep(request.user, row, **form.cleaned_data)
        messages.success(request, _("已登錄。"))
        return redirect("grants:property", pk)
    return _form(request, row, form, _("放置地點和保管人"), _("儲存"))


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def write_off(request: SignedIn, pk: int, item: int) -> HttpResponse:
    """Propose to write a thing off."""
    row = _own_item(request, pk, item)
    form = WriteOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keeping.propose_write_off(request.user, row, form.cleaned_data["reason"])
        messages.success(request, _("已送縣府確認；確認以前，這件財產還在清冊上。"))
        return redirect("grants:property", pk)
    return _form(request, row, form, _("財產報廢"), _("送縣府確認"))


def _form(request: SignedIn, row: PropertyItem, form: Form, title: str, button: str) -> HttpResponse:
    context = {"organisation": row.organisation, "item": row, "form": form, "title": title, "button": button}
    return render(request, "grants/assets/form.html", context, status=422 if form.errors else 200)


def _own_item(request: SignedIn, pk: int, item: int) -> PropertyItem:
    body = _body(request, pk)
    require(holds(request.user, body_ground(body), Role.MEMBER))
    row: PropertyItem = get_object_or_404(held(body).select_related("organisation", "award"), pk=item)
    return row


def _body(request: SignedIn, pk: int) -> Organisation:
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_see_bank(request.user, found))
    return found

"""Partners who help: the county's contacts, an association's own with the picture, and who can help where."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import permissions, queries
from communities.filters import PartnerFilter
from communities.forms.partners import HelpForm, PartnerForm
from communities.models import Organisation, Partner
from communities.queries import partners
from communities.services.partners import add, change, note_help
from communities.tables import PartnerTable
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, AWARD_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with, posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.network import Node, star
from miaoli_kaohsiung.lists.pages import Listing

COLUMNS = ("kind", "name", "offers", "townships", "contact_name", "contact_phone", "ended_on")
SEARCH_LENGTH = 60


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_list(request: SignedIn) -> HttpResponseBase:
    """Show the county's contacts, with how often and when each helped."""
    rows = partners.with_help(partners.contacts_seen(request.user)).order_by("name", "pk")
    listing = Listing(request, "partners", PartnerTable, PartnerFilter(request.GET, rows))
    context = {"list": listing, "may_add": post_with(request.user, Role.CASE_OFFICER) is not None}
    return listing.posted() or render(request, "communities/partners/list.html", context)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def contact_new(request: SignedIn) -> HttpResponse:
    """Enter a contact of the county."""
    county = next(post.county for post in posts_of(request.user) if post.role == Role.CASE_OFFICER)
    form = PartnerForm(request.POST or None, county=county, new=True)
    if request.method == "POST" and form.is_valid():
        if made := _added(request, form, county):
            messages.success(request, _("已登錄%(name)s。") % {"name": made.name})
            return redirect("communities:partner", made.pk)
    return _form(request, form, _("登錄聯絡對象"), county)


@audience(AWARD_READERS)
@require_safe
def association(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's own partners as a network with its table, and who else can help."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    own = list(partners.of_organisation(found))
    text = request.GET.get("q", "").strip()[:SEARCH_LENGTH]
    context = {
        "organisation": found,
        "accent_county": found.county,
        "own": own,
        "picture": star(_("夥伴網絡圖，內容同下表"), found.name, [Node(row.name, "member") for row in own]),
        "found": partners.who_can_help(found, text) if "q" in request.GET else None,
        "text": text,
        "keeps": permissions.may_keep_people(request.user, found),
    }
    return render(request, "communities/partners/association.html", context)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Enter a partner of the association."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_keep_people(request.user, found))
    form = PartnerForm(request.POST or None, county=found.county, new=True)
    if request.method == "POST" and form.is_valid():
        if made := _added(request, form, found.county, found):
            messages.success(request, _("已登錄%(name)s，可以接著寫承諾或提供的幫助。") % {"name": made.name})
            return redirect("communities:partner", made.pk)
    return _form(request, form, _("登錄夥伴"), found.county)


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def partner(request: SignedIn, pk: int) -> HttpResponse:
    """Show a partner with its help, and take a note of more."""
    found = get_object_or_404(partners.seen_by(request.user), pk=pk)
    own = list(queries.own(request.user)) if found.organisation is None else []
    asks = found.organisation is None and not own
    form = HelpForm(request.POST or None, county=found.county, own=own, asks=asks, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        whom = data.get("organisation") or (own[0] if own else None)
        try:
            note_help(request.user, found, data["way"], data["day"], data["what"], whom)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已登錄。"))
            return redirect("communities:partner", pk)
    return render(
        request, "communities/partners/partner.html", _shown(request, found, form), status=422 if form.errors else 200
    )


def _shown(request: SignedIn, found: Partner, form: HelpForm) -> dict[str, Any]:
    whom = form.own[0] if form.own else None
    return {
        "partner": found,
        "accent_county": found.county,
        "area": partners.area_of(found),
        "rows": partners.help_of(found) if found.organisation or not form.own else _own_help(found, form),
        "form": form,
        "reads_contact": permissions.may_read_contact(request.user, found),
        "keeps": permissions.may_keep_partner(request.user, found.county, found.organisation),
        "may_note": permissions.may_note_help(request.user, found, whom),
    }


def _own_help(found: Partner, form: HelpForm) -> Any:
    """An association reads what it got itself, not what others got."""
    return partners.help_of(found).filter(organisation__in=form.own)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a partner."""
    found = get_object_or_404(partners.seen_by(request.user), pk=pk)
    require(permissions.may_keep_partner(request.user, found.county, found.organisation))
    initial = {name: getattr(found, name) for name in COLUMNS}
    form = PartnerForm(request.POST or None, county=found.county, new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        ended = form.cleaned_data["ended_on"]
        if ended and not found.entered_on <= ended <= clock.today():
            form.add_error("ended_on", _("日期要在登錄以後、今天以前。"))
        else:
            change(request.user, found, **form.cleaned_data)
            messages.success(request, _("已儲存。"))
            return redirect("communities:partner", pk)
    return _form(request, form, _("修改夥伴"), found.county)


def _added(request: SignedIn, form: PartnerForm, county: str, own: Organisation | None = None) -> Partner | None:
    """Enter the partner; None, with the reason at the form, if it is there already."""
    try:
        return add(request.user, county, own, **form.cleaned_data)
    except Refused as refused:
        form.add_error("name", refused.reason)
        return None


def _form(request: SignedIn, form: PartnerForm, title: str, county: str) -> HttpResponse:
    context = {"form": form, "title": title, "accent_county": county}
    return render(request, "communities/partners/form.html", context, status=422 if form.errors else 200)

"""Activity centres: what everybody sees, and the pages where township and county keep them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permissions, queries
from communities.forms.centres import COLUMNS, CentreForm, ItemForm, LookForm, NewCentreForm
from communities.models import ActivityCentre, Township
from communities.queries import centres
from communities.services.centres import change, enter, look, put, remove
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page


@public_page
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the centres of a county, or of a township of it."""
    asked = request.GET.get("county", "")
    county = asked if asked in counties.slugs() else ""
    places = queries.township_choices(*([county] if county else counties.slugs()))
    township = request.GET.get("township", "")
    township = township if township in dict(places) else ""
    context = {
        "counties": counties.choices(),
        "county": county,
        "places": places,
        "township": township,
        "rows": _named(centres.listed(county, township).filter(closed_on=None)),
    }
    return render(request, "communities/centres/public_list.html", context)


@public_page
@require_safe
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one centre: where it is, what stands in it, how it was found."""
    (centre,) = _named([get_object_or_404(centres.whole(), pk=pk)])
    return render(request, "communities/centres/public.html", {"centre": centre})


@public_page
@require_safe
@no_page
def picture(request: HttpRequest, pk: int, record: int) -> HttpResponseBase:
    """Return the picture of a record."""
    rows = get_object_or_404(ActivityCentre, pk=pk).records.select_related("picture")
    found = get_object_or_404(rows, pk=record)
    if found.picture is None:
        raise Http404
    return response(found.picture, inline=True)


@audience(OFFICE_READERS)
@require_safe
def centre_list(request: SignedIn) -> HttpResponse:
    """Show the centres of my township or county."""
    context = {"rows": _named(centres.seen_by(request.user)), "may_add": bool(_places(request))}
    return render(request, "communities/centres/list.html", context)


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Enter a centre."""
    form = NewCentreForm(request.POST or None, townships=_places(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = Township.objects.get(pk=data.pop("township"))
        try:
            made = enter(request.user, place, **data)
        except Refused as refused:
            form.add_error("name", refused.reason)
        else:
            messages.success(request, _("已登錄%(name)s，接著請登錄設備和狀況。") % {"name": made.name})
            return redirect("communities:centre", made.pk)
    return _form(request, form, _("登錄活動中心"))


@audience(OFFICE_READERS)
@require_http_methods(["GET", "POST"])
def centre(request: SignedIn, pk: int) -> HttpResponse:
    """Show a centre with the forms for its things and for how it was found."""
    found = _centre(request, pk)
    item_form = ItemForm(auto_id="item_%s")
    look_form = LookForm(initial={"day": clock.today()}, auto_id="look_%s")
    if request.method == "POST":
        require(permissions.may_keep_centre(request.user, found.county, found.township_id))
        if "quantity" in request.POST:
            item_form = ItemForm(request.POST, auto_id="item_%s")
            if item_form.is_valid():
                put(request.user, found, **item_form.cleaned_data)
                messages.success(request, _("已登錄設備。"))
                return redirect("communities:centre", pk)
        else:
            look_form = LookForm(request.POST, request.FILES, auto_id="look_%s")
            if look_form.is_valid():
                look(request.user, found, **look_form.cleaned_data)
                messages.success(request, _("已登錄狀況。"))
                return redirect("communities:centre", pk)
            hold_files(look_form, actor(request.user, CORRECTION_ASKERS))
    return _page(request, found, item_form, look_form)


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a centre's record."""
    found = _centre(request, pk)
    require(permissions.may_keep_centre(request.user, found.county, found.township_id))
    form = CentreForm(
        request.POST or None,
        townships=[found.township_id],
        initial={name: getattr(found, name) for name in COLUMNS} | {"address": found.present_address},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["address"] == found.present_address:
            # It names its places as today already.
            data["address"] = found.address
        try:
            change(request.user, found, **data)
        except Refused as refused:
            form.add_error("name", refused.reason)
        else:
            messages.success(request, _("已儲存。"))
            return redirect("communities:centre", pk)
    return _form(request, form, _("修改活動中心"), found)


@audience(CORRECTION_ASKERS)
@require_POST
def item_gone(request: SignedIn, pk: int, item: int) -> HttpResponse:
    """Say that a thing stands there no longer."""
    row = get_object_or_404(_centre(request, pk).items.select_related("centre"), pk=item)
    remove(request.user, row)
    messages.success(request, _("已移除「%(name)s」。") % {"name": row.name})
    return redirect("communities:centre", pk)


def _page(request: SignedIn, found: Any, item_form: ItemForm, look_form: LookForm) -> HttpResponse:
    (shown,) = _named([found])
    context = {
        "centre": shown,
        "item_form": item_form,
        "look_form": look_form,
        "keeps": bool(permissions.may_keep_centre(request.user, found.county, found.township_id)),
    }
    failed = item_form.errors or look_form.errors
    return render(request, "communities/centres/centre.html", context, status=422 if failed else 200)


def _form(request: SignedIn, form: CentreForm, title: str, found: ActivityCentre | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "centre": found}
    return render(request, "communities/centres/form.html", context, status=422 if form.errors else 200)


def _centre(request: SignedIn, pk: int) -> Any:
    return get_object_or_404(centres.seen_by(request.user), pk=pk)


def _places(request: SignedIn) -> list[str]:
    """Return the townships whose centres the user may enter."""
    found: list[str] = []
    for post in posts_of(request.user):
        if post.role == Role.TOWNSHIP_OFFICER:
            found.append(post.township_code)
        elif post.role == Role.CASE_OFFICER:
            found += [code for code, _name in queries.township_choices(post.county)]
    return found


def _named(rows: Any) -> list[Any]:
    """Return the centres, each with `.place`, its township's name of today."""
    found = list(rows)
    for row in found:
        row.place = queries.township_name(row.township_id)
    return found

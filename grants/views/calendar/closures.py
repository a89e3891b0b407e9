"""停班停課: declaring it, looking at it as the second person, taking a wrong entry back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.calendar.closures import ClosureForm, TakeBackForm
from grants.models import Closure
from grants.queries.calendar.running import moves_of
from grants.services.calendar import closures
from grants.services.calendar.closures import Declared
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.counties import name_of, slugs
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def declare(request: SignedIn, county: str) -> HttpResponse:
    """Show what a closure would move, then declare it."""
    if county not in slugs():
        raise Http404
    require(closures.may_declare(request.user, county))
    form = ClosureForm(request.POST or None, county=county, initial={"on": clock.today()})
    plans = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        declared = Declared(county, data["on"], tuple(data["townships"]), data["reason"])
        try:
            if request.POST.get("command") == "declare":
                return _declared(request, declared)
            plans = closures.preview(declared)
        except Refused as refused:
            form.add_error("on", refused.reason)
    context = {
        "form": form,
        "plans": plans,
        "county": county,
        "accent_county": county,
        "county_name": name_of(county, clock.today()),
        "year": clock.today().year,
    }
    return render(request, "grants/calendar/declare.html", context, status=422 if form.errors else 200)


def _declared(request: SignedIn, declared: Declared) -> HttpResponse:
    made, moved = closures.declare(request.user, declared)
    if made.declared_by_id == request.user.pk and made.declared_on == clock.today() and moved:
        messages.success(request, _("已登錄，%(count)d 個期限順延，並已通知。") % {"count": len(moved)})
    elif moved:
        messages.success(request, _("已登錄。"))
    else:
        messages.info(request, _("這一天已經登錄，沒有期限要再順延。"))
    return redirect("grants:closure", made.pk)


@audience(COUNTY_READERS)
@require_safe
def closure(request: SignedIn, pk: int) -> HttpResponse:
    """Show a closure and every day that it moved."""
    row = _closure(request, pk)
    return _page(request, row)


@audience(CASE_HANDLERS)
@require_POST
def look(request: SignedIn, pk: int) -> HttpResponse:
    """Note that a second person found it right."""
    closures.look(request.user, _closure(request, pk))
    messages.success(request, _("已記下您核對過了。"))
    return redirect("grants:closure", pk)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """Take a wrong entry back, with the reason."""
    row = _closure(request, pk)
    require(closures.may_declare(request.user, row.county))
    if row.taken_back_on:
        messages.info(request, _("這一筆已經取消了。"))
        return redirect("grants:closure", pk)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _row, count = closures.take_back(request.user, row, form.cleaned_data["why"])
        messages.success(request, _("已取消，%(count)d 個期限改回，並已通知。") % {"count": count})
        return redirect("grants:closure", pk)
    context = {"closure": row, "what": closures.words(row), "form": form, "accent_county": row.county}
    return render(request, "grants/calendar/take_back.html", context, status=422 if form.errors else 200)


def _page(request: SignedIn, row: Closure) -> HttpResponse:
    context = {
        "closure": row,
        "where": closures.place(row),
        "moves": moves_of(row),
        "may_look": closures.may_look(request.user, row),
        "may_take_back": closures.may_declare(request.user, row.county),
        "accent_county": row.county,
        "year": row.on.year,
    }
    return render(request, "grants/calendar/closure.html", context)


def _closure(request: SignedIn, pk: int) -> Closure:
    counties = [post.county for post in posts_of(request.user)]
    rows = Closure.objects.filter(county__in=counties).select_related("declared_by", "seen_by", "taken_back_by")
    return get_object_or_404(rows, pk=pk)

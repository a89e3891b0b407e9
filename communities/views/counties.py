"""The counties' own pages: what each is called and what its letters say, and how that is changed."""

import csv
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from communities import queries
from communities.forms.counties import OpeningForm, ParticularsForm, TownshipsForm
from communities.naming import names_in_words
from communities.services.counties import openings, particulars, townships
from communities.services.counties.keepers import proposer
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import ADMINISTRATORS, DATA_KEEPERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_propose
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require


@audience(DATA_KEEPERS)
@require_safe
def county_list(request: SignedIn) -> HttpResponse:
    """Show the counties of the user, with what keeps their letters from being issued."""
    today = clock.today()
    rows = [(slug, counties.particulars(slug, today)) for slug in queries.counties_seen(request.user)]
    founder = bool(may_propose(request.user, openings.KIND, ""))
    history = queries.changes_of([openings.KIND.name], "") if founder else []
    return render(
        request, "communities/counties/list.html", {"counties": rows, "may_open": founder, "history": history}
    )


@audience(DATA_KEEPERS)
@require_safe
def county(request: SignedIn, slug: str) -> HttpResponse:
    """Show what a county is called and what its letters say, from which day on, and its townships."""
    _require_seen(request, slug)
    changes = queries.changes_of([particulars.KIND.name, townships.KIND.name], slug)
    context = {
        "slug": slug,
        "accent_county": slug,
        "head": counties.particulars(slug, clock.today()),
        "shown": particulars.rows_of({}, particulars.values_of(counties.particulars(slug, clock.today()))),
        "days": queries.particulars_by_day(slug),
        "townships": [(place, names_in_words(names)) for place, names in queries.townships_with_names(slug)],
        "may_propose": bool(may_propose(request.user, particulars.KIND, slug)),
        "waiting": [change for change in changes if change.status == "waiting"],
        "history": changes,
    }
    return render(request, "communities/counties/detail.html", context)


@audience(DATA_PROPOSERS)
@require_http_methods(["GET", "POST"])
def county_edit(request: SignedIn, slug: str) -> HttpResponse:
    """Propose particulars from a day on."""
    _require_seen(request, slug)
    require(may_propose(request.user, particulars.KIND, slug))
    head = counties.particulars(slug, clock.today())
    form = ParticularsForm(request.POST or None, request.FILES or None, county=slug, head=head)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _proposed(request, particulars.propose(request.user, slug, form.draft()))
        except Refused as refused:
            problems = [refused.reason]
    hold_files(form, proposer(request.user, DATA_PROPOSERS, slug))
    context = {"form": form, "slug": slug, "head": head, "problems": problems, "accent_county": slug}
    return _form_page(request, "communities/counties/edit.html", context)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def county_new(request: SignedIn) -> HttpResponse:
    """Propose a further county with its townships."""
    require(may_propose(request.user, openings.KIND, ""))
    form = OpeningForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            change = openings.propose(request.user, form.cleaned_data["slug"], form.draft(), form.reading.townships)
            return _proposed(request, change)
        except Refused as refused:
            problems = [refused.reason]
    hold_files(form, proposer(request.user, ADMINISTRATORS, ""))
    return _form_page(request, "communities/counties/new.html", {"form": form, "problems": problems})


@audience(DATA_PROPOSERS)
@require_http_methods(["GET", "POST"])
def county_townships(request: SignedIn, slug: str) -> HttpResponse:
    """Propose townships and their names, as a file lists them."""
    _require_seen(request, slug)
    require(may_propose(request.user, townships.KIND, slug))
    form = TownshipsForm(request.POST or None, request.FILES or None, county=slug)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = townships.propose(
                request.user,
                slug,
                form.reading.townships,
                reason=data["reason"],
                memo_number=data["memo_number"],
            )
            return _proposed(request, change)
        except Refused as refused:
            problems = [refused.reason]
    head = counties.particulars(slug, clock.today())
    context = {"form": form, "slug": slug, "head": head, "problems": problems, "accent_county": slug}
    return _form_page(request, "communities/counties/townships.html", context)


@audience(DATA_KEEPERS)
@require_safe
def county_townships_file(request: SignedIn, slug: str) -> HttpResponse:
    """Return the townships as the file that may be uploaded again."""
    _require_seen(request, slug)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="townships-{slug}.csv"'
    table = csv.writer(answer)
    table.writerow([_("代碼"), _("郵遞區號"), _("名稱"), _("起"), _("迄")])
    for place, names in queries.townships_with_names(slug):
        table.writerows([place.code, place.postal_code, name.name, name.valid_from, name.valid_to] for name in names)
    return answer


@audience(DATA_KEEPERS)
@require_safe
def county_signature(request: SignedIn, slug: str, file: UUID) -> HttpResponseBase:
    """Return the picture of a signature, one in force or one that was proposed for this county."""
    _require_seen(request, slug)
    if not queries.is_signature_of(slug, file):
        raise Http404
    return response(get_object_or_404(StoredFile, pk=file), inline=True)


@public_page
@require_safe
@cache_control(max_age=3600, public=True)
def colours_css(request: HttpRequest) -> HttpResponse:
    """Return the counties' colours as a style sheet: pages have no style of their own in them."""
    return HttpResponse(queries.colours_css(), content_type="text/css; charset=utf-8")


def _require_seen(request: SignedIn, slug: str) -> None:
    if slug not in queries.counties_seen(request.user):
        raise Http404


def _proposed(request: SignedIn, change: Change) -> HttpResponse:
    messages.success(request, _("已提出，請另一個人確認。確認以前，照原來的資料。"))
    return redirect("changes:show", change.pk)


def _form_page(request: SignedIn, template: str, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    wrong = bool(context["problems"] or form.errors)  # type: ignore[attr-defined]  # a form
    return render(request, template, context, status=422 if wrong else 200)

"""The pages on which a county keeps its schemes: what holds, proposing a change, opening a year, a new scheme.

A proposal is looked at before it is made: the same form comes back with what it will look like, and a button to propose it.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.compliance.rulesets import ruleset_for
from grants.forms.schemes.particulars import AskedRows, LawForm, NewSchemeForm, PaperworkForm, SchemeForm, YearForm
from grants.models import Application, Scheme, SchemeTerms
from grants.permissions import CountyGround, actor_for
from grants.queries.law.filed import laws_for
from grants.queries.schemes.own_data import by_the_law, changes_of, codes_given
from grants.queries.schemes.public import envelope_uses, when_open
from grants.services.schemes import particulars, values, years
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.changes.kinds import Kind
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .changes import reaches, scheme_for

# What a new scheme begins with.
BLANK: dict[str, Any] = {
    "name": "", "short_name": "", "summary": "", "legal_basis": "", "number_prefix": "", "dispatch_word": "",
    "position": 1, "opens_on": None, "closes_on": None, "purposes": {}, "township_first": None, "first_review_items": [],
    "first_review_words": [], "correction_days": 10, "originals": SchemeTerms.Originals.SCANNED,
    "programmes": [], "papers": [], "questions": [], "criteria": [],
}  # fmt: skip


@audience(COUNTY_READERS)
@require_safe
def scheme_data(request: SignedIn, slug: str) -> HttpResponse:
    """Show what a county says and asks of a scheme, its years with their money, and every change."""
    scheme = scheme_for(request.user, slug)
    day = clock.today()
    history = changes_of(scheme)
    context = {
        "scheme": scheme,
        "accent_county": scheme.county,
        "when": when_open(scheme, day),
        "rows": values.rows_of(scheme.ruleset, {}, values.values_of(scheme)),
        "terms": [row for row in scheme.dated_terms if row.starts_on > day],
        "rounds": scheme.rounds.all(),
        "uses": envelope_uses(scheme.envelopes.order_by("-year")),
        "missing": years.needs_envelope(scheme),
        "law": by_the_law(scheme, ruleset_for(scheme, day), day),
        "keeps": reaches(request.user, scheme, CASE_HANDLERS),
        "waiting": [change for change in history if change.status == "waiting"],
        "history": history,
    }
    return render(request, "grants/schemes/data/page.html", context)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def scheme_change(request: SignedIn, slug: str) -> HttpResponse:
    """Propose other data of the scheme."""
    scheme = _kept(request.user, slug)
    kept = values.values_of(scheme)
    form = SchemeForm(request.POST or None, request.FILES or None, law=scheme.ruleset, scheme=scheme, kept=kept)
    rows = _rows(request, scheme.ruleset, kept, codes_given(scheme), criteria=True)

    def propose(data: dict[str, Any]) -> Change:
        day = form.cleaned_data["starts_on"]
        return particulars.propose_change(request.user, scheme, data, day, form.paperwork())

    return _form_page(request, scheme, form, rows, particulars.CHANGE, propose, _("變更「%(name)s」"))


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def scheme_year(request: SignedIn, slug: str) -> HttpResponse:
    """Propose the days of a year, as a copy of the year before."""
    scheme = _kept(request.user, slug)
    kept = years.copy_of_last(scheme)
    form = YearForm(request.POST or None, request.FILES or None, scheme=scheme, kept=kept)
    rows = _rows(request, scheme.ruleset, kept, codes_given(scheme), criteria=False)

    def propose(data: dict[str, Any]) -> Change:
        data.pop("criteria")
        return years.propose(request.user, scheme, data, form.paperwork())

    return _form_page(request, scheme, form, rows, years.YEAR, propose, _("「%(name)s」開辦新年度"))


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def scheme_new(request: SignedIn) -> HttpResponse:
    """Propose a scheme: first its law, or an earlier scheme to copy, then its data."""
    county = next(post.county for post in posts_of(request.user) if post.role in CASE_HANDLERS)
    own = Scheme.objects.filter(county=county)
    copied = own.filter(slug=request.GET.get("copy", "")).first()
    law = copied.ruleset if copied else request.GET.get("law", "")
    if law not in laws_for(county):
        chosen = LawForm(request.GET if "law" in request.GET else None, county=county)
        context = {"form": chosen, "schemes": own, "accent_county": county}
        return render(request, "grants/schemes/data/law.html", context, status=422 if chosen.errors else 200)
    kept = values.values_of(copied) | {"number_prefix": "", "name": "", "short_name": ""} if copied else BLANK
    form = NewSchemeForm(request.POST or None, request.FILES or None, law=law, kept=kept)
    rows = _rows(request, law, kept, set(), criteria=True)
    scheme = Scheme(county=county, ruleset=law)

    def propose(data: dict[str, Any]) -> Change:
        further = {"slug": form.cleaned_data["slug"], "county": county, "ruleset": law}
        return particulars.propose_new(request.user, data | further, form.paperwork())

    return _form_page(request, scheme, form, rows, particulars.NEW, propose, _("新增補助方案"))


def _kept(user: User, slug: str) -> Scheme:
    scheme = get_object_or_404(Scheme, slug=slug)
    if not reaches(user, scheme, CASE_HANDLERS):
        raise Refused(_("這個方案屬於另一個縣，您不能變更。"))
    return scheme


def _rows(request: SignedIn, law: str, kept: Mapping[str, Any], used: set[str], *, criteria: bool) -> AskedRows:
    return AskedRows(request.POST or None, law=law, kept=kept, used=used, criteria=criteria)


def _form_page(
    request: SignedIn,
    scheme: Scheme,
    form: PaperworkForm,
    rows: AskedRows,
    kind: Kind,
    propose: Callable[[dict[str, Any]], Change],
    heading: str,
) -> HttpResponse:
    """Show the form; with its preview if it is right, or propose it. Nothing typed is lost."""
    problems: list[str] = []
    shown: Change | None = None
    right = [form.is_valid(), rows.is_valid()] if request.method == "POST" else []
    if right and all(right):
        data = {**cast("Any", form).values(), **rows.values()}
        shown = _unstored(scheme, form, kind, data)
        if request.POST.get("command") == "propose":
            try:
                change = propose(data)
            except Refused as refused:
                problems, shown = [refused.reason], None
            else:
                messages.success(request, _("已提出。另一位承辦人或主管確認後才生效。"))
                return redirect("changes:show", change.pk)
    elif right:
        problems = rows.problems()
    ground = cast("Application", CountyGround(scheme.county))
    hold_files(form, actor_for(request.user, ground, CASE_HANDLERS))
    wrong = bool(right and not all(right))
    asked = {"form": form, "asked": rows, "forms": [form, *rows.forms()], "show": wrong, "problems": problems}
    context = asked | {
        "scheme": scheme,
        "accent_county": scheme.county,
        "own_names": form.own_names() if isinstance(form, SchemeForm) else [],
        "heading": heading % {"name": scheme.short_name},
        "change": shown,
    }
    return render(request, "grants/schemes/data/form.html", context, status=422 if wrong or problems else 200)


def _unstored(scheme: Scheme, form: PaperworkForm, kind: Kind, data: dict[str, Any]) -> Change:
    """Return the change as it would be proposed, for its preview."""
    if isinstance(form, NewSchemeForm):
        slug = form.cleaned_data["slug"]
        return Change(kind=kind.name, county=scheme.county, subject=slug, data=data | {"ruleset": scheme.ruleset})
    return Change(kind=kind.name, county=scheme.county, subject=scheme.slug, data=data)

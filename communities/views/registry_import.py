"""A county's list into the registry, step by step (file, columns, preview, confirmation), and the registry as such a list."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import queries
from communities.enums import RowOutcome
from communities.filters import RegistryFilter
from communities.forms.registry_import import QUESTIONS, ColumnsForm, FileForm
from communities.models import ImportRow, Organisation, RegistryImport
from communities.services.registry_import import imports
from communities.services.registry_import.columns import BY_KEY
from communities.services.registry_import.export import heads, rows_of
from miaoli_kaohsiung.accounts.audiences import LIST_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.sheets import UnreadableSheetError
from miaoli_kaohsiung.files.written_sheets import TYPES, answer
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc

PAGE_SIZE = 50
EXAMPLES = 3
RECENT = 10
# How an outcome looks (a class of .tag).
TAGS = {RowOutcome.ADDED.value: "good", RowOutcome.CHANGED.value: "good", RowOutcome.REFUSED.value: "stop"}


@audience(LIST_KEEPERS)
def choose(request: SignedIn) -> HttpResponse:
    """Choose the file; below it, the lists that were brought before, and the registry as a file."""
    counties = queries.listed_counties(request.user)
    form = FileForm(request.POST or None, request.FILES or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        try:
            made = imports.start(_by(request), form.cleaned_data["county"], form.cleaned_data["file"])
        except (UnreadableSheetError, imports.ListRefused) as refused:
            form.add_error("file", refused.reason)
        else:
            return redirect("communities:registry-import-columns", made.pk)
    context = {
        "form": form,
        "brought": [_brought(found) for found in queries.lists_of(request.user)[:RECENT]],
        "heads": heads(),
    }
    context |= _track(1)
    context["may_enter"] = post_with(request.user, Role.CASE_OFFICER) is not None
    return render(request, "communities/registry_import/file.html", context, status=422 if form.errors else 200)


def _brought(found: RegistryImport) -> tuple[RegistryImport, str, str]:
    """Return the list with its address and what became of it."""
    words = _("還沒匯入")
    if found.confirmed_on:
        words = _("%(day)s %(who)s匯入，新增 %(added)d、修改 %(changed)d") % {
            "day": format_roc(found.confirmed_on), "who": found.confirmed_by,
            "added": found.counts.get("added", 0), "changed": found.counts.get("changed", 0),
        }  # fmt: skip
    return found, reverse("communities:registry-import-preview", args=[found.pk]), words


@audience(LIST_KEEPERS)
def columns(request: SignedIn, pk: int) -> HttpResponse:
    """Say what each column is; what the heads say is chosen already."""
    found = _list(request, pk)
    if found.confirmed_on:
        return redirect("communities:registry-import-preview", pk)
    form = ColumnsForm(request.POST or None, registry_import=found)
    if request.method == "POST" and form.is_valid():
        try:
            imports.preview(_by(request), found, form.columns(), found.accepted)
        except imports.ListRefused as refused:
            form.add_error(None, refused.reason)
        else:
            return redirect("communities:registry-import-preview", pk)
    context = {"found": found, "form": form, "rows": _with_examples(form, found)} | _track(2)
    return render(request, "communities/registry_import/columns.html", context, status=422 if form.errors else 200)


@audience(LIST_KEEPERS)
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """Show what would become of each row, or what became of it; posting answers the questions and compares again."""
    found = _list(request, pk)
    if not found.columns:
        return redirect("communities:registry-import-columns", pk)
    if request.method == "POST":
        accepted = [code for code in QUESTIONS if code in request.POST.getlist("accepted")]
        imports.preview(_by(request), found, found.columns, accepted)
        return redirect("communities:registry-import-preview", pk)
    return _preview(request, found)


@audience(LIST_KEEPERS)
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Write what the preview showed."""
    found = _list(request, pk)
    try:
        imports.confirm(_by(request), found)
    except imports.ChangedMeanwhile as refused:
        imports.preview(_by(request), found, found.columns, found.accepted)
        messages.warning(request, refused.reason)
    except imports.ListRefused as refused:
        messages.info(request, refused.reason)
    return redirect("communities:registry-import-preview", pk)


@audience(LIST_KEEPERS)
@require_POST
def discard(request: SignedIn, pk: int) -> HttpResponse:
    """Forget a list that was not confirmed."""
    try:
        imports.discard(_by(request), _list(request, pk))
    except imports.ListRefused as refused:
        messages.info(request, refused.reason)
        return redirect("communities:registry-import-preview", pk)
    messages.success(request, _("這份名單沒有匯入，已經刪除。"))
    return redirect("communities:registry-import")


@audience(LIST_KEEPERS)
@require_safe
def export(request: SignedIn, extension: str) -> HttpResponseBase:
    """Return the bodies that the filter of the list shows, in the columns of the import."""
    if extension not in TYPES:
        raise Http404
    counties = queries.listed_counties(request.user)
    own = Organisation.objects.filter(county__in=counties)
    found = RegistryFilter(request.GET, own, counties=counties).qs
    name = f"registry-{clock.today():%Y%m%d}"
    return answer(name, extension, _("單位名單"), heads(), rows_of(found))


def _track(step: int) -> dict[str, Any]:
    """Return the steps for partials/track.html, with this one (from 1 on) as the present one."""
    labels = (_("選檔案"), _("對欄位"), _("預覽和確認"), _("完成"))
    states = ["done"] * (step - 1) + ["now"] + ["todo"] * (len(labels) - step)
    stages = [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
    return {"stages": stages, "title": _("匯入的步驟")}


def _list(request: SignedIn, pk: int) -> RegistryImport:
    return get_object_or_404(queries.lists_of(request.user), pk=pk)


def _by(request: SignedIn) -> Actor:
    return actor(request.user, LIST_KEEPERS)


def _with_examples(form: ColumnsForm, found: RegistryImport) -> list[dict[str, Any]]:
    rows = [row.cells for row in found.rows.all()[:EXAMPLES]]
    return [
        {"head": head, "field": field, "examples": [cells[place] for cells in rows if place < len(cells)]}
        for place, (head, field) in enumerate(form.rows())
    ]


def _preview(request: SignedIn, found: RegistryImport) -> HttpResponse:
    shown = request.GET.get("show", "")
    rows = found.rows.filter(outcome=shown) if shown in RowOutcome.values else found.rows.all()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "rows": [_in_words(row, found) for row in page],
        "shown": shown,
        "tabs": [(value, label, found.counts.get(value, 0)) for value, label in RowOutcome.choices],
        "questions": _questions(found),
        "writes": found.counts.get(RowOutcome.ADDED, 0) + found.counts.get(RowOutcome.CHANGED, 0),
        "added": found.counts.get(RowOutcome.ADDED, 0),
        "changed": found.counts.get(RowOutcome.CHANGED, 0),
        "refused": found.counts.get(RowOutcome.REFUSED, 0),
    } | _track(4 if found.confirmed_on else 3)
    return render(request, "communities/registry_import/preview.html", context)


def _questions(found: RegistryImport) -> list[dict[str, Any]]:
    """Return the questions that rows of the list ask, with how many and whether they are answered."""
    asked = []
    for code, words in QUESTIONS.items():
        count = found.rows.filter(problems__contains=[[code]]).count()
        if count:
            asked.append({"code": code, "words": words, "count": count, "answered": code in found.accepted})
    return asked


def _in_words(row: ImportRow, found: RegistryImport) -> dict[str, Any]:
    heads = dict(zip(found.columns, found.heads, strict=True))
    open_problems = [(key, sentence) for key, sentence, code in row.problems if code not in found.accepted]
    return {
        "row": row,
        "tag": TAGS.get(row.outcome, ""),
        "changes": [(BY_KEY[key].label, old, new) for key, old, new in row.changes],
        "problems": [(heads.get(key) or BY_KEY[key].label, sentence) for key, sentence in open_problems],
    }

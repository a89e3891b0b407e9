"""Laws that a county files as data: its versions, new files with their mistakes and preview, and what may stand in them."""

import io
import zipfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.law import LawFilesForm, as_fields, read_uploads
from grants.models import FiledLaw, Scheme
from grants.queries.law import filed
from grants.rules import catalogue
from grants.rules.filed import shape
from grants.services.law import KIND, propose
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import DATA_PROPOSERS, RULING_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.permissions import may_propose
from miaoli_kaohsiung.changes.queries import visible_to
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

EXAMPLE = Path(settings.BASE_DIR) / "docs" / "examples" / "taitung_civic"
TABLES = {
    "law": _("法規本身"),
    "scheme": _("要開辦的方案（可以不寫）"),
    "parameter": _('標準：每個數字一個，[parameter."名稱"]'),
    "clause": _("條文"),
    "group": _("項目的分組"),
    "quantity": _("自己的數量欄位"),
    "item": _("補助項目"),
    "part": _("類別的分組"),
    "programme": _("補助類別"),
    "question": _("申請表的題目"),
    "paper": _("送件要附的文件"),
    "criterion": _("審查標準"),
}


@audience(RULING_READERS)
@require_safe
def filed_laws(request: SignedIn) -> HttpResponse:
    """Show the versions of the laws that the user's counties filed as data, and the changes that wait."""
    rows = filed.versions(filed.counties_of(request.user))
    schemes: dict[str, list[Scheme]] = {}
    for scheme in Scheme.objects.filter(ruleset__in={row.slug for row in rows}):
        schemes.setdefault(scheme.ruleset, []).append(scheme)
    context = {
        "laws": [(row, filed.scheme_of(row.files), schemes.get(row.slug, [])) for row in rows],
        "may_propose": bool(_of_proposer(request)),
        "history": visible_to(request.user).filter(kind=KIND.name)[:20],
    }
    return render(request, "grants/law/filing/list.html", context)


def _of_proposer(request: SignedIn) -> list[tuple[str, str]]:
    """Return slug and name of the counties for which the user may propose a law."""
    return [row for row in counties.choices() if may_propose(request.user, KIND, row[0])]


@audience(DATA_PROPOSERS)
@require_http_methods(["GET", "POST"])
def law_new(request: SignedIn, slug: str = "") -> HttpResponse:
    """Take in the files of a law, say each mistake at its place, show what they will look like, and propose them."""
    known = _of_proposer(request)
    row = FiledLaw.objects.filter(slug=slug, county__in=dict(known)).order_by("-pk").first() if slug else None
    if slug and row is None:
        raise Http404
    if request.method != "POST":
        start = {"starts_on": clock.today(), **({"county": row.county, **as_fields(row.files)} if row else {})}
        return _page(request, LawFilesForm(counties=known, initial=start), slug)
    form = _filled(request, known)
    found = None
    if form.is_valid() and _without_mistakes(form):
        found = filed.preview(form.cleaned_data["files"], form.cleaned_data["starts_on"])
        if "propose" in request.POST:
            data = form.cleaned_data
            try:
                change = propose(
                    request.user,
                    data["county"],
                    data["files"],
                    data["starts_on"],
                    memo_number=data["memo_number"],
                    reason=data["reason"],
                )
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("已提出，請另一位同仁確認。確認以前，照現在的法規。"))
                return redirect("changes:show", change.pk)
    return _page(request, form, slug, found)


def _filled(request: SignedIn, known: list[tuple[str, str]]) -> LawFilesForm:
    """Return the form with what was uploaded in its text fields, and what cannot be read said at the upload."""
    data = request.POST.copy()
    files, problems = read_uploads(request.FILES.getlist("uploads"))
    data.update(as_fields(files))
    form = LawFilesForm(data, counties=known)
    for problem in problems:
        form.add_error("uploads", problem)
    return form


def _without_mistakes(form: LawFilesForm) -> bool:
    """Say each mistake at the file's field, with its line; return whether there is none."""
    files = form.cleaned_data["files"]
    found = filed.mistakes_in(form.cleaned_data["county"], files, form.cleaned_data["starts_on"])
    for mistake in found:
        field = next(iter(as_fields({mistake.file: ""})), None)
        lines = files.get(mistake.file, "").splitlines()
        quoted = f"　「{lines[mistake.line - 1].strip()[:60]}」" if 0 < mistake.line <= len(lines) else ""
        form.add_error(field, f"{mistake.place}：{mistake.sentence}{quoted}")
    return not found


def _page(request: SignedIn, form: LawFilesForm, slug: str, preview: filed.Preview | None = None) -> HttpResponse:
    wrong = form.is_bound and bool(form.errors)
    context = {"form": form, "slug": slug, "preview": preview, "day": clock.today()}
    return render(request, "grants/law/filing/new.html", context, status=422 if wrong else 200)


@audience(RULING_READERS)
@require_safe
def law_kinds(request: SignedIn) -> HttpResponse:
    """Show what may stand in the files of a law: kinds of cap and condition with examples, tables and keys, quantities."""
    # Pairs, since a template would take the key "items" for the method of that name.
    tables = [
        (file, [(name, TABLES[name], [*keys.items()]) for name, (keys, _most) in rows.items() if name in TABLES])
        for file, rows in shape.FILES.items()
    ]
    kinds = [
        (table, [(kind, [*shape.keys_of(table, kind.name).items()]) for kind in known.values()])
        for table, known in shape.BY_TABLE.items()
    ]
    quantities = [row for row in catalogue.quantities().values() if row.type in ("int", "number", "bool", "choice")]
    context = {"kinds": kinds, "tables": [row for row in tables if row[1]], "quantities": quantities}
    return render(request, "grants/law/filing/kinds.html", context)


@audience(RULING_READERS)
@require_safe
def law_example(request: SignedIn) -> HttpResponse:
    """Return the example of the documents as a ZIP, to begin with."""
    return _zipped("law-example.zip", {path.name: path.read_text("utf-8") for path in sorted(EXAMPLE.glob("*.toml"))})


@audience(RULING_READERS)
@require_safe
def law_files(request: SignedIn, pk: int) -> HttpResponse:
    """Return the files of a version as a ZIP."""
    row = get_object_or_404(FiledLaw, pk=pk, county__in=filed.counties_of(request.user))
    return _zipped(f"{row.slug}-{row.starts_on:%Y%m%d}.zip", row.files)


def _zipped(name: str, files: dict[str, str]) -> HttpResponse:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""The papers of an application: one form for all of them, several files each. With a script a file is uploaded when it
is chosen, and the paper's own part of the page comes back (JSON); without one, the page's main button sends the files.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.queries import kept_papers
from grants.compliance.judging import Judgement, judge, unreasoned
from grants.models import Application, Document
from grants.queries.applications import stamps
from grants.queries.applications.places import Openness
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.services.applications import documents
from grants.views import removed
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import PapersForm
from miaoli_kaohsiung.lib.access import Refused

from .steps import ADDRESSES, after, editable_case, frame

OTHER = "other"


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_documents(request: SignedIn, number: str) -> HttpResponseBase:
    """Show the papers that the law asks of this case, each with its upload."""
    case = editable_case(request, number)
    if request.method == "GET":
        return _page(request, case)
    form, sentences = _take_in(request, case)
    if _by_script(request):
        codes = [code for code in form.kinds if f"upload-{code}" in request.FILES]
        return _parts(request, case, form, codes, sentences, 422 if form.errors else 200)
    for sentence in sentences:
        messages.success(request, sentence)
    if form.errors:
        return _page(request, case, form)
    if request.POST.get("command") == "next":
        return redirect(ADDRESSES[after("documents")], number)
    return redirect("grants:application_documents", number)


@audience(Role.MEMBER)
@require_POST
def document_remove(request: SignedIn, number: str, document_id: int) -> HttpResponseBase:
    """Take one document off the case; files chosen at the same time are kept."""
    case = editable_case(request, number)
    form, sentences = _take_in(request, case)
    gone = documents.remove_document(request.user, case, document_id)
    if gone:
        row = removed.Removed(_scope(case), gone.kind, str(gone.file_id), gone.file.name, gone.note, gone.contents)
        removed.remember(request, row)
        sentences.append(_("已移除「%(name)s」，還可以復原。") % {"name": gone.file.name})
    return _changed(request, case, form, gone.kind if gone else OTHER, sentences)


@audience(Role.MEMBER)
@require_POST
def document_restore(request: SignedIn, number: str, file_id: UUID) -> HttpResponseBase:
    """Restore a document that was just removed."""
    case = editable_case(request, number)
    form, sentences = _take_in(request, case)
    row = removed.take(request, _scope(case), str(file_id))
    if row is None:
        raise Refused(_("這個檔案已經不能復原，請重新上傳。"))
    gone = Document(kind=row.kind, file_id=file_id, note=row.note, contents=row.contents)
    documents.restore_document(request.user, case, gone)
    sentences.append(_("已復原「%(name)s」。") % {"name": row.name})
    return _changed(request, case, form, row.kind, sentences)


@audience(Role.MEMBER)
@require_POST
def document_reuse(request: SignedIn, number: str, paper_id: int) -> HttpResponseBase:
    """Use a paper that the association has already."""
    case = editable_case(request, number)
    paper = get_object_or_404(case.organisation.kept_papers.select_related("file"), pk=paper_id, replaced_on=None)
    form, sentences = _take_in(request, case)
    document = documents.reuse_paper(request.user, case, paper)
    sentences.append(_("已沿用「%(name)s」。") % {"name": document.file.name})
    return _changed(request, case, form, document.kind, sentences)


def _take_in(request: SignedIn, case: Application) -> tuple[PapersForm, list[str]]:
    """Keep every file that was sent and may be kept; the form has the errors of the others."""
    form = _form(case, kinds_of(case, judge(case, stage="draft")), request)
    form.is_valid()
    sentences = []
    for kind, checked, note in form.passed:
        document = documents.attach_document(request.user, case, kind, checked, note)
        sentences.append(_("已收到「%(name)s」。") % {"name": document.file.name} + checked.note)
    return form, sentences


def _changed(
    request: SignedIn, case: Application, form: PapersForm, kind: str, sentences: list[str]
) -> HttpResponseBase:
    code = kind if kind in form.kinds else OTHER
    if _by_script(request):
        return _parts(request, case, form, [code], sentences, 200)
    for sentence in sentences:
        messages.success(request, sentence)
    if form.errors:
        return _page(request, case, form)
    return redirect(f"{reverse('grants:application_documents', args=[case.number])}#div-{code}")


def kinds_of(case: Application, judged: Judgement) -> list[tuple[str, str]]:
    """Return (code, name) of the papers that law and county ask of this case, and of the others that it has."""
    return [(kind.code, kind.name) for kind in terms.asked_papers(case, judged.case)] + [(OTHER, _("其他文件"))]


def _form(case: Application, kinds: list[tuple[str, str]], request: SignedIn | None = None) -> PapersForm:
    posted = (request.POST, request.FILES) if request else ()
    form = PapersForm(*posted, kinds=kinds, noted=(OTHER,), owner="papers")
    for code, _name in kinds:
        form.send_to(code, reverse("grants:application_documents", args=[case.number]))
    return form


def _page(request: SignedIn, case: Application, form: PapersForm | None = None) -> HttpResponse:
    context = _context(request, case, form)
    return render(request, "grants/applications/documents.html", context, status=422 if form else 200)


def _parts(
    request: SignedIn, case: Application, form: PapersForm, codes: list[str], sentences: list[str], status: int
) -> JsonResponse:
    context = _context(request, case, form)
    papers = {paper["code"]: paper for paper in context["papers"]}
    parts = {
        f"div-{code}": render_to_string("grants/applications/_paper.html", context | {"paper": papers[code]}, request)
        for code in codes
    }
    parts["step-findings"] = render_to_string("grants/applications/_step_findings.html", context, request)
    return JsonResponse({"parts": parts, "message": " ".join(sentences)}, status=status)


def _context(request: SignedIn, case: Application, form: PapersForm | None) -> dict[str, Any]:
    # Read again, because a paper was just added or removed; each only once.
    case.__dict__["_prefetched_objects_cache"] = {}
    prefetch_related_objects(
        [case], "lines", "justifications", Prefetch("documents", Document.objects.select_related("file"))
    )
    judged = judge(case, stage="draft")
    kinds = kinds_of(case, judged)
    shown = form or _form(case, kinds)
    context = frame(case, "documents", judged)
    gone = removed.of(request, _scope(case))
    papers = [_paper(code, name, case, shown, context["book"], context["opened"]) for code, name in kinds]
    used = {row.file_id for row in case.documents.all()}
    kept = [row for row in kept_papers(case.organisation_id) if row.file_id not in used]
    for paper in papers:
        paper["kept"] = [row for row in kept if _belongs(row.kind, paper["code"], shown)]
        paper["gone"] = [row for row in gone if _belongs(row.kind, paper["code"], shown)]
    context["first_explain"] = _asked_elsewhere(case, judged)
    return context | {"papers": papers, "failed": form if form and form.errors else None, "asked": len(kinds) > 1}


def _asked_elsewhere(case: Application, judged: Judgement) -> int:
    """Return how many reasons are still to be written: they are printed on the form, so they come before its stamp."""
    open_warnings = unreasoned(case, judged.evaluation)
    return sum(
        finding.clause not in judged.waived and finding.fact not in catalogue.documents() for finding in open_warnings
    )


def _paper(code: str, name: str, case: Application, form: PapersForm, book: Any, opened: Openness) -> dict[str, Any]:
    own_kinds = {paper.code: paper for paper in terms.papers_of(case)}
    kind = own_kinds.get(code) or catalogue.documents().get(code)
    held: list[Document] = [row for row in case.documents.all() if _belongs(row.kind, code, form)]
    upload, note = form.upload(code), form.note(code)
    old = {row.pk for row in stamps.outdated(case)} if code == stamps.STAMPED else set()
    for row in held:
        row.outdated = row.pk in old  # type: ignore[attr-defined]  # for its row on the page
    return {
        "edition": stamps.shown(stamps.mark_of(case)) if code == stamps.STAMPED else "",
        "anew": bool(old) and len(old) == len(held),
        "code": code,
        "name": name,
        "kind": kind,
        "held": held,
        "upload": upload,
        "note": note,
        "laws": book.links(kind.clause) if kind else (),
        "optional": code in own_kinds and not own_kinds[code].required,
        "open": opened.paper(code),
    }


def _belongs(kind: str, code: str, form: PapersForm) -> bool:
    """Return whether the document belongs here; a kind that is no longer asked for is shown among the others."""
    return kind == code or (code == OTHER and kind not in form.kinds)


def _scope(case: Application) -> str:
    return f"application:{case.number}"


def _by_script(request: SignedIn) -> bool:
    return request.headers.get("Accept") == "application/json"

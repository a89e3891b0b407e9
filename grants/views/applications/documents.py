"""The papers of an application: one form for all of them, several files each. With a script a file is uploaded when it
is chosen, and the paper's own part of the page comes back (JSON); without one, the page's main button sends the files.
"""

from dataclasses import dataclass, field
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
from grants.compliance.judging import Judgement, judge, judge_saved, unreasoned
from grants.models import Application, Document
from grants.queries.applications import stamps
from grants.queries.applications.lists import read_parts
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


@dataclass(frozen=True)
class Taken:
    """What was made of a post: its form, what the law said of the case before it, and the sentences to show."""

    form: PapersForm
    judged: Judgement
    sentences: list[str] = field(default_factory=list)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_documents(request: SignedIn, number: str) -> HttpResponseBase:
    """Show the papers that the law asks of this case, each with its upload."""
    case = editable_case(request, number)
    if request.method == "GET":
        return _page(request, case)
    taken = _take_in(request, case)
    if _by_script(request):
        codes = [code for code in taken.form.kinds if f"upload-{code}" in request.FILES]
        return _parts(request, case, taken, codes)
    for sentence in taken.sentences:
        messages.success(request, sentence)
    if taken.form.errors:
        return _page(request, case, taken)
    if request.POST.get("command") == "next":
        return redirect(ADDRESSES[after("documents")], number)
    return redirect("grants:application_documents", number)


@audience(Role.MEMBER)
@require_POST
def document_remove(request: SignedIn, number: str, document_id: int) -> HttpResponseBase:
    """Take one document off the case; files chosen at the same time are kept."""
    case = editable_case(request, number)
    taken = _take_in(request, case)
    gone = documents.remove_document(request.user, case, document_id)
    if gone:
        row = removed.Removed(_scope(case), gone.kind, str(gone.file_id), gone.file.name, gone.note, gone.contents)
        removed.remember(request, row)
        taken.sentences.append(_("已移除「%(name)s」，還可以復原。") % {"name": gone.file.name})
    return _changed(request, case, taken, gone.kind if gone else OTHER)


@audience(Role.MEMBER)
@require_POST
def document_restore(request: SignedIn, number: str, file_id: UUID) -> HttpResponseBase:
    """Restore a document that was just removed."""
    case = editable_case(request, number)
    taken = _take_in(request, case)
    row = removed.take(request, _scope(case), str(file_id))
    if row is None:
        raise Refused(_("這個檔案已經不能復原，請重新上傳。"))
    gone = Document(kind=row.kind, file_id=file_id, note=row.note, contents=row.contents)
    documents.restore_document(request.user, case, gone)
    taken.sentences.append(_("已復原「%(name)s」。") % {"name": row.name})
    return _changed(request, case, taken, row.kind)


@audience(Role.MEMBER)
@require_POST
def document_reuse(request: SignedIn, number: str, paper_id: int) -> HttpResponseBase:
    """Use a paper that the association has already."""
    case = editable_case(request, number)
    paper = get_object_or_404(case.organisation.kept_papers.select_related("file"), pk=paper_id, replaced_on=None)
    taken = _take_in(request, case)
    document = documents.reuse_paper(request.user, case, paper)
    taken.sentences.append(_("已沿用「%(name)s」。") % {"name": document.file.name})
    return _changed(request, case, taken, document.kind)


def _take_in(request: SignedIn, case: Application) -> Taken:
    """Keep every file that was sent and may be kept; the form has the errors of the others."""
    read_parts(case)
    judged = judge(case, stage="draft")
    form = _form(case, kinds_of(case, judged), request)
    form.is_valid()
    taken = Taken(form, judged)
    for kind, checked, note in form.passed:
        document = documents.attach_document(request.user, case, kind, checked, note)
        taken.sentences.append(_("已收到「%(name)s」。") % {"name": document.file.name} + checked.note)
    return taken


def _changed(request: SignedIn, case: Application, taken: Taken, kind: str) -> HttpResponseBase:
    code = kind if kind in taken.form.kinds else OTHER
    if _by_script(request):
        return _parts(request, case, taken, [code], status=200)
    for sentence in taken.sentences:
        messages.success(request, sentence)
    if taken.form.errors:
        return _page(request, case, taken)
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


def _page(request: SignedIn, case: Application, taken: Taken | None = None) -> HttpResponse:
    context = _context(request, case, taken)
    return render(request, "grants/applications/documents.html", context, status=422 if taken else 200)


def _parts(
    request: SignedIn, case: Application, taken: Taken, codes: list[str], status: int | None = None
) -> JsonResponse:
    context = _context(request, case, taken)
    papers = {paper["code"]: paper for paper in context["papers"]}
    parts = {
        f"div-{code}": render_to_string("grants/applications/_paper.html", context | {"paper": papers[code]}, request)
        for code in codes
    }
    parts["step-findings"] = render_to_string("grants/applications/_step_findings.html", context, request)
    status = status or (422 if taken.form.errors else 200)
    return JsonResponse({"parts": parts, "message": " ".join(taken.sentences)}, status=status)


def _judged(case: Application, taken: Taken | None) -> Judgement:
    """Return what the law says of the case with the papers that it has now; only they are read again after a post."""
    if taken is None:
        return judge(case, stage="draft")
    case.__dict__["_prefetched_objects_cache"].pop("documents")
    prefetch_related_objects([case], Prefetch("documents", Document.objects.select_related("file")))
    return judge_saved(taken.judged, case)


def _context(request: SignedIn, case: Application, taken: Taken | None) -> dict[str, Any]:
    judged = _judged(case, taken)
    kinds = kinds_of(case, judged)
    form = taken.form if taken else None
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

"""The letters' register, one letter, and print runs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import LetterStatus
from grants.forms.letters import IssueForm, LetterFilter, LetterForm
from grants.models import Letter
from grants.permissions import holds
from grants.queries import scope
from grants.queries.letters import letters_listed, print_runs
from grants.services import letters
from miaoli_kaohsiung.accounts.enums import COUNTY_STAFF, Role
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.files import services as files
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.numbers import whole_number

READERS = (Role.MEMBER, Role.TOWNSHIP_OFFICER, *COUNTY_STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
PAGE_SIZE = 15


@audience(*READERS)
@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    form = LetterFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = letters_listed(request.user, chosen.get("status", ""), chosen.get("kind", ""))
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "filtered": any(chosen.values()),
        "printer": _is_printer(request),
    }
    return render(request, "grants/letters/list.html", context)


@audience(*READERS)
@require_http_methods(["GET", "POST"])
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter: a draft is edited, previewed and issued here; an issued one is shown with what was kept of it."""
    letter = _letter(request, pk)
    writer = bool(holds(request.user, letter.application, letters.WRITERS))
    if request.method == "POST":
        require(holds(request.user, letter.application, letters.WRITERS))
    command = request.POST.get("command", "")
    edit = LetterForm(request.POST if command == "edit" else None, initial=_words_of(letter))
    issue = IssueForm(request.POST if command == "issue" else None)
    problems: list[str] = []
    form: Any = {"edit": edit, "issue": issue}.get(command)
    if form is not None and form.is_valid():
        try:
            return _carry_out(request, letter, command, form.cleaned_data)
        except Refused as refused:
            problems = [refused.reason]
    context = {
        "letter": letter,
        "case": letter.application,
        "accent_county": letter.county,
        "draft": letter.status == LetterStatus.DRAFT,
        "writer": writer,
        "edit": edit,
        "issue": issue,
        "problems": problems,
        "forms": [edit, issue],
        "show": bool(edit.errors or issue.errors),
    }
    wrong = problems or edit.errors or issue.errors
    return render(request, "grants/letters/detail.html", context, status=422 if wrong else 200)


def _carry_out(request: HttpRequest, letter: Letter, command: str, told: dict) -> HttpResponse:
    if command == "edit":
        letters.edit(request.user, letter, told)
        messages.success(request, _("函稿已儲存。"))
    else:
        letters.issue(request.user, letter, **told)
        messages.success(request, _("已發文，公文已鎖定並通知協會。"))
    return redirect("grants:letter_detail", letter.pk)


@audience(*READERS)
@require_GET
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The kept bytes of an issued letter; the preview of a draft, marked 稿."""
    letter = _letter(request, pk)
    if letter.file is not None:
        return files.response(letter.file, inline=True)
    try:
        data = letters.preview(letter)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("grants:letter_detail", pk)
    answer = HttpResponse(data, content_type=letters.PDF)
    answer["Content-Disposition"] = f'inline; filename="draft-{letter.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@audience(*letters.PRINTERS)
@require_http_methods(["GET", "POST"])
def letter_print(request: HttpRequest) -> HttpResponse:
    """Choose letters, and have them set as one file."""
    form = LetterFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    seen = letters_listed(request.user, chosen.get("status", ""), chosen.get("kind", ""))
    problems: list[str] = []
    if request.method == "POST":
        keys = [key for text in request.POST.getlist("letters") if (key := whole_number(text)) is not None]
        try:
            run = letters.start_run(request.user, list(scope.letters(request.user).filter(pk__in=keys)))
        except Refused as refused:
            problems = [refused.reason]
        else:
            return redirect("grants:print_run", run.pk)
    context = {
        "form": form,
        "rows": seen[: letters.MOST_IN_A_RUN],
        "runs": print_runs(request.user)[:5],
        "problems": problems,
        "most": letters.MOST_IN_A_RUN,
    }
    return render(request, "grants/letters/print.html", context, status=422 if problems else 200)


@audience(*letters.PRINTERS)
@require_GET
def print_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a print run has come; it can be left and come back to."""
    run = get_object_or_404(print_runs(request.user), pk=pk)
    answer = render(request, "grants/letters/run.html", {"run": run, "accent_county": run.county})
    if run.finished_at is None:
        answer["Refresh"] = "3"
    return answer


@audience(*letters.PRINTERS)
@require_GET
def print_run_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    run = get_object_or_404(print_runs(request.user).filter(file__isnull=False), pk=pk)
    return files.response(run.file, inline=True)


@audience(*letters.WRITERS)
@require_POST
def letter_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the letter that will take the place of an issued one."""
    letter = _letter(request, pk)
    draft = letters.replace(request.user, letter)
    messages.success(request, _("已擬好新函，發文後原函就作廢。"))
    return redirect("grants:letter_detail", draft.pk)


def _letter(request: HttpRequest, pk: int) -> Letter:
    rows = scope.letters(request.user).select_related(
        "application__organisation", "application__scheme", "file", "replaced_by", "prepared_by", "issued_by"
    )
    return get_object_or_404(rows, pk=pk)


def _words_of(letter: Letter) -> dict[str, Any]:
    names = ("subject", "originals", "copies")
    told: dict[str, Any] = {name: getattr(letter, name) for name in names}
    told["explanation"] = "\n".join(letter.explanation)
    return told | {name: letter.context.get(name, "") for name in letters.EDITED_CONTEXT}


def _is_printer(request: HttpRequest) -> bool:
    return any(post.role in letters.PRINTERS for post in posts_of(request.user))

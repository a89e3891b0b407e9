"""Print runs, what goes on and with the envelopes of one, and letters for the county's document system."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from grants.forms.letters import LabelForm, PostalForm
from grants.models import Letter, PrintRun
from grants.queries import scope
from grants.queries.letters import runs_seen
from grants.services.letters import envelopes, exchange, print_runs
from miaoli_kaohsiung.accounts.audiences import LETTER_PRINTERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lists.pages import Act

# How many runs the page shows.
RECENT = 30


def _print(request: SignedIn, rows: QuerySet[Letter], *, duplex: bool) -> HttpResponse:
    run = print_runs.start_run(request.user, list(rows.order_by("id")), duplex=duplex)
    return redirect("grants:print_run", run.pk)


PRINTS = (
    Act("print", _l("排印"), partial(_print, duplex=False), most=None),
    Act("print_duplex", _l("雙面排印"), partial(_print, duplex=True), most=None),
)


@audience(LETTER_PRINTERS)
@require_GET
def print_runs_made(request: SignedIn) -> HttpResponse:
    """Show the latest print runs of the county; one is begun with letters ticked in the register."""
    return render(request, "grants/letters/runs.html", {"runs": runs_seen(request.user)[:RECENT]})


@audience(LETTER_PRINTERS)
@require_GET
def print_run(request: SignedIn, pk: int) -> HttpResponse:
    """Show the progress of a print run, which can be left meanwhile; then its file, its labels and its postal list."""
    run = get_object_or_404(runs_seen(request.user), pk=pk)
    answer = _run_page(request, run)
    if run.finished_at is None:
        answer["Refresh"] = "3"
    return answer


def _run_page(
    request: SignedIn,
    run: PrintRun,
    labels: LabelForm | None = None,
    postal: PostalForm | None = None,
    problem: str = "",
) -> HttpResponse:
    wrong = problem or any(form and form.errors for form in (labels, postal))
    labels, postal = labels or LabelForm(), postal or PostalForm()
    context = {
        "run": run,
        "accent_county": run.county,
        "labels": labels,
        "postal": postal,
        "forms": [labels, postal],
        "without_address": envelopes.without_address(run),
        "wrong": bool(wrong),
        "problems": [problem] if problem else [],
    }
    return render(request, "grants/letters/run.html", context, status=422 if wrong else 200)


@audience(LETTER_PRINTERS)
@require_GET
def print_run_pdf(request: SignedIn, pk: int) -> HttpResponseBase:
    run = get_object_or_404(runs_seen(request.user).filter(file__isnull=False), pk=pk)
    assert run.file is not None
    return response(run.file, inline=True)


@audience(LETTER_PRINTERS)
@require_GET
def print_run_labels(request: SignedIn, pk: int) -> HttpResponse:
    """Return the addresses of a run on sheets of labels."""
    return _paper(request, pk, "labels", LabelForm, envelopes.labels)


@audience(LETTER_PRINTERS)
@require_GET
def print_run_postal(request: SignedIn, pk: int) -> HttpResponse:
    """Return the list with which the letters of a run are handed in at the post office."""
    return _paper(request, pk, "postal", PostalForm, envelopes.postal_list)


def _paper(request: SignedIn, pk: int, name: str, form_type: type[Form], make: Callable[..., bytes]) -> HttpResponse:
    """Return what is made of a run as its form asks; the page of the run, with the form and why, if it cannot be made."""
    run = get_object_or_404(runs_seen(request.user), pk=pk)
    form: Any = form_type(request.GET)
    shown = {name: form}
    if not form.is_valid():
        return _run_page(request, run, **shown)
    try:
        data = make(run, **form.cleaned_data)
    except (Refused, pdf.UnavailableError) as refused:
        return _run_page(request, run, **shown, problem=_why(refused))
    return made_pdf(data, f"{name}-{run.pk}.pdf")


@audience(LETTER_PRINTERS)
@require_GET
def print_run_exchange(request: SignedIn, pk: int) -> HttpResponse:
    """Return the letters of a run for the county's document system, each as .di, in one archive."""
    run = get_object_or_404(runs_seen(request.user), pk=pk)
    return _download(exchange.archive(run.letters.order_by("id")), f"letters-{run.pk}.zip", "application/zip")


@audience(LETTER_PRINTERS)
@require_GET
def letter_exchange(request: SignedIn, pk: int) -> HttpResponse:
    """Return a letter for the county's document system, as .di."""
    letter = get_object_or_404(scope.letters(request.user), pk=pk)
    return _download(exchange.one(letter), f"letter-{letter.pk}.di", "application/xml")


@audience(LETTER_PRINTERS)
@require_GET
def letter_text(request: SignedIn, pk: int) -> HttpResponse:
    """Return a letter as a text document, .odt."""
    letter = get_object_or_404(scope.letters(request.user), pk=pk)
    return _download(exchange.as_text(letter), f"letter-{letter.pk}.odt", "application/vnd.oasis.opendocument.text")


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _why(refused: Exception) -> str:
    if isinstance(refused, Refused):
        return refused.reason
    return _("這臺主機目前不能製作 PDF，請通知系統管理員。")

"""Proofs of filings and letters, which anybody can check."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from grants.permissions import post_for
from grants.queries import scope
from grants.queries.audit.proofs import filing_proof_of, letter_proof_of
from grants.views.applications.cases import open_case_or_404
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.audit.models import AuditSeal
from miaoli_kaohsiung.audit.proofs import BrokenError, NotSealedError, line_of
from miaoli_kaohsiung.lib.leads_back import no_page

# How many days' marks the public page shows; the file has all.
RECENT = 30


@audience(PAPER_READERS)
@require_GET
@no_page
def filing_proof(request: SignedIn, number: str, filing: int) -> HttpResponse:
    """Return the proof of one filing, to the association and to the county's staff and auditor."""
    case = open_case_or_404(request, number)
    if post_for(request.user, case, PAPER_READERS) is None:
        raise Http404(_("找不到這個案號，或不是您可以看的案件。"))
    version = get_object_or_404(case.versions, number=filing)
    page = reverse("grants:application_detail", args=[case.number])
    return _proof(request, partial(filing_proof_of, version), f"{case.number}-{filing}", page)


@audience(PAPER_READERS)
@require_GET
@no_page
def letter_proof(request: SignedIn, pk: int) -> HttpResponse:
    """Return the proof of one issued letter, to whoever reads the letter."""
    letter = get_object_or_404(scope.letters(request.user).exclude(dispatch_number=""), pk=pk)
    page = reverse("grants:letter_detail", args=[pk])
    return _proof(request, partial(letter_proof_of, letter), f"letter-{pk}", page)


def _proof(request: SignedIn, made: Callable[[], bytes | None], name: str, page: str) -> HttpResponse:
    """Return the file, or go back to its page with a sentence."""
    try:
        data = made()
    except NotSealedError:
        messages.info(request, _("存證要等當天的紀錄封存以後才有。請明天再下載。"))
        return redirect(page)
    except BrokenError:
        messages.error(request, _("紀錄和當天封存的值不符，沒有辦法提供存證。請通知稽核人員。"))
        return redirect(page)
    if data is None:
        messages.info(request, _("這一件在存證功能開始以前辦理，沒有存證。"))
        return redirect(page)
    answer = HttpResponse(data, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="proof-{name}.json"'
    return answer


@public_page
@require_GET
def proofs(request: HttpRequest) -> HttpResponse:
    """Show how a proof is checked, and the marks of the last days."""
    seals = AuditSeal.objects.exclude(mark="").prefetch_related("attestations").order_by("-day")[:RECENT]
    return render(request, "audit/proofs.html", {"seals": seals})


@public_page
@require_GET
def proof_heads(request: HttpRequest) -> HttpResponse:
    """Return the lines of all days that have a mark, as they are exported."""
    lines = [line_of(seal) for seal in AuditSeal.objects.exclude(mark="").order_by("day")]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=us-ascii")

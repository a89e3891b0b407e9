"""Letters that an officer writes beside the usual ones, and the memo that lays a case before whoever decides."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.queries import registered
from grants.enums import ACCOUNTS, LetterKind
from grants.forms.letters import FreeLetterForm
from grants.letters import names
from grants.services.letters import drafts, memo, settling
from grants.views.applications.cases import open_case_or_404
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CHECK_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib.access import Refused


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def case_letter(request: SignedIn, number: str) -> HttpResponse:
    """Write a letter to the association of a case."""
    case = open_case_or_404(request, number)
    return _written(request, case, {"case": case, "accent_county": case.county, "receiver": case.organisation})


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def organisation_letter(request: SignedIn, pk: int) -> HttpResponse:
    """Write a letter to an association without a case."""
    body = get_object_or_404(registered(request.user), pk=pk)
    return _written(request, names.Receiver(body.county, body), {"accent_county": body.county, "receiver": body})


@audience(CASE_HANDLERS)
@require_POST
def case_letter_of(request: SignedIn, number: str, kind: str) -> HttpResponse:
    """Draft a letter that the account of the case calls for, and open it."""
    case = open_case_or_404(request, number)
    if kind not in ACCOUNTS:
        raise Http404
    letter = settling.draft(request.user, case, LetterKind(kind))
    return redirect("grants:letter_detail", letter.pk)


@audience(CHECK_READERS)
@require_GET
def case_memo(request: SignedIn, number: str) -> HttpResponseBase:
    """Return the memo about the newest proposal as PDF."""
    case = open_case_or_404(request, number)
    try:
        data = memo.paper(request.user, case)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("grants:application_detail", number)
    return made_pdf(data, f"memo-{number}.pdf")


def _written(request: SignedIn, to: names.To, context: dict[str, object]) -> HttpResponse:
    form = FreeLetterForm(request.POST or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            letter = drafts.write_free(request.user, to, **form.cleaned_data)
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已擬好函稿，請核對後發文。"))
            return redirect("grants:letter_detail", letter.pk)
    status = 422 if form.errors or problems else 200
    return render(request, "grants/letters/write.html", {**context, "form": form, "problems": problems}, status=status)

"""Where and within how many days money comes back to a scheme: what holds, a change to propose, and one to confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grants.enums import RulingStatus
from grants.forms.schemes.envelopes import RefusalNoteForm, ReturnTermsForm
from grants.models import Scheme
from grants.services.payments import return_terms
from grants.services.payments.return_terms import ReturnTerms
from grants.views.schemes.envelopes import reaches, scheme_for
from grants.workflow.return_terms import TABLE
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.lib.access import Refused


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def return_terms_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The account and the days with their history; who keeps them proposes a change."""
    scheme = scheme_for(request.user, slug)
    if request.method == "GET":
        return _page(request, scheme)
    if not reaches(request.user, scheme, MONEY_KEEPERS):
        raise Refused(_("繳回帳戶由主管和主計出納登錄。"))
    form = ReturnTermsForm(request.POST)
    if not form.is_valid():
        return _page(request, scheme, form)
    try:
        return_terms.propose(request.user, scheme, ReturnTerms(**form.cleaned_data))
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _page(request, scheme, form)
    messages.success(request, _("已登錄。請另一位主管或主計出納確認，確認前照原來的帳戶和天數。"))
    return redirect("grants:return_terms", scheme.slug)


@audience(MONEY_KEEPERS)
@require_POST
def return_terms_decide(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another person proposed."""
    scheme = scheme_for(request.user, slug)
    change = get_object_or_404(scheme.return_terms_changes, pk=pk)
    form = RefusalNoteForm(request.POST if name == "refuse" else {"note": "-"})
    if not form.is_valid():
        return _page(request, scheme, refusal=form)
    row = return_terms.decide(request.user, change, name, form.cleaned_data["note"] if name == "refuse" else "")
    messages.success(request, _("繳回帳戶：%(status)s。") % {"status": row.get_status_display()})
    return redirect("grants:return_terms", scheme.slug)


def _page(
    request: HttpRequest,
    scheme: Scheme,
    form: ReturnTermsForm | None = None,
    refusal: RefusalNoteForm | None = None,
) -> HttpResponse:
    changes = list(scheme.return_terms_changes.select_related("scheme", "proposed_by", "decided_by"))
    waiting = next((change for change in changes if change.status == RulingStatus.DRAFT), None)
    keeper = reaches(request.user, scheme, MONEY_KEEPERS)
    context = {
        "scheme": scheme,
        "waiting": waiting,
        "moves": TABLE.open_to(waiting, request.user) if waiting else [],
        "why_not": TABLE.answer(waiting, "confirm", request.user).reason if waiting else "",
        "changes": [change for change in changes if change is not waiting],
        "form": (form or ReturnTermsForm(initial={"days": scheme.return_days})) if keeper and not waiting else form,
        "refusal": refusal or RefusalNoteForm(),
        "forms": [bound for bound in (form, refusal) if bound is not None],
    }
    status = 422 if context["forms"] else 200
    return render(request, "grants/schemes/return_terms.html", context, status=status)

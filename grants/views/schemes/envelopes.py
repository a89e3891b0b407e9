"""The envelopes of a scheme's years: their history, a change to propose, and one to confirm."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import RulingStatus
from grants.forms.schemes.envelopes import EnvelopeForm, RefusalNoteForm
from grants.models import EnvelopeChange, Scheme
from grants.queries.schemes.public import envelope_uses
from grants.services.schemes import envelopes
from grants.services.schemes.envelopes import EnvelopeDraft
from grants.workflow.envelopes import TABLE
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS, Who, each
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.access import Refused


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def envelope_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The envelopes with their history; who keeps them proposes a change."""
    scheme = scheme_for(request.user, slug)
    if request.method == "GET":
        return _page(request, scheme)
    if not reaches(request.user, scheme, MONEY_KEEPERS):
        raise Refused(_("年度額度由主管和主計出納登錄。"))
    form = EnvelopeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, scheme, form)
    data = form.cleaned_data
    draft = EnvelopeDraft(data["year"] + 1911, data["amount"], data["memo_number"], data["reason"], data["scan"])
    try:
        envelopes.propose(request.user, scheme, draft)
    except Refused as refused:
        form.add_error("year", refused.reason)
        return _page(request, scheme, form)
    messages.success(request, _("已登錄。請另一位主管或主計出納確認，確認前照原來的額度計算。"))
    return redirect("grants:envelope", scheme.slug)


@audience(MONEY_KEEPERS)
@require_POST
def envelope_decide(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another person proposed."""
    scheme = scheme_for(request.user, slug)
    change = get_object_or_404(scheme.envelope_changes, pk=pk)
    form = RefusalNoteForm(request.POST if name == "refuse" else {"note": "-"})
    if not form.is_valid():
        return _page(request, scheme, refusal=form)
    row = envelopes.decide(request.user, change, name, form.cleaned_data["note"] if name == "refuse" else "")
    messages.success(request, _("年度額度：%(status)s。") % {"status": row.get_status_display()})
    return redirect("grants:envelope", scheme.slug)


@audience(COUNTY_READERS)
@require_GET
def envelope_scan(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    change = get_object_or_404(scheme_for(request.user, slug).envelope_changes, pk=pk)
    return response(change.scan, inline=True)  # type: ignore[return-value]


def _page(
    request: HttpRequest,
    scheme: Scheme,
    form: EnvelopeForm | None = None,
    refusal: RefusalNoteForm | None = None,
) -> HttpResponse:
    changes = list(scheme.envelope_changes.select_related("proposed_by", "decided_by", "scan"))
    uses = {use.envelope.year: use for use in envelope_uses(scheme.envelopes.order_by("year"))}
    waiting = [_waiting(request.user, change, uses) for change in changes if change.status == RulingStatus.DRAFT]
    keeper = reaches(request.user, scheme, MONEY_KEEPERS)
    context = {
        "scheme": scheme,
        "uses": uses.values(),
        "waiting": waiting,
        "changes": [change for change in changes if change.status != RulingStatus.DRAFT],
        "form": (form or EnvelopeForm()) if keeper else None,
        "refusal": refusal or RefusalNoteForm(),
        "forms": [bound for bound in (form, refusal) if bound is not None],
        "show": form is not None or refusal is not None,
    }
    return render(request, "grants/schemes/envelope.html", context, status=422 if context["show"] else 200)


def _waiting(user: User, change: EnvelopeChange, uses: dict[int, Any]) -> dict[str, Any]:
    """A proposed change with what it does to what is approved so far."""
    use = uses.get(change.year)
    approved = use.approved if use else 0
    return {
        "change": change,
        "approved": approved,
        "left": change.amount - approved,
        "moves": TABLE.open_to(change, user),
        "why_not": TABLE.answer(change, "confirm", user).reason,
    }


def scheme_for(user: User, slug: str) -> Scheme:
    """The scheme whose money this person looks after; schemes are public, so others read why not."""
    scheme = get_object_or_404(Scheme, slug=slug)
    if not reaches(user, scheme, COUNTY_READERS):
        raise Refused(_("這個方案屬於另一個縣，您不能登錄它的款項。"))
    return scheme


def reaches(user: User, scheme: Scheme, who: Who) -> bool:
    return any(post.role in each(who) and post.county in ("", scheme.county) for post in posts_of(user))

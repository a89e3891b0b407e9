"""The page of a change of a scheme's money that two people propose and decide; `envelopes` and `return_terms` have one
each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grants.enums import RulingStatus
from grants.forms.decisions import RefusalForm
from grants.models import Scheme
from grants.services.schemes import changes
from grants.services.schemes.changes import Change
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS, Who, each
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.access import Refused


@dataclass(frozen=True)
class Page(Generic[Change]):
    """The page of one kind of change. `blank` makes the form to propose a change; a refusal is shown at its `field`,
    or above the form if None. `effect` returns what the template shows of a waiting change besides its columns, `now` what
    it shows of the present state.
    """

    kind: changes.Kind[Change]
    template: str
    form: type[forms.Form]
    blank: Callable[[Scheme], forms.Form]
    propose: Callable[[User, Scheme, dict[str, Any]], Change]
    field: Callable[[Refused], str | None]
    effect: Callable[[Change], dict[str, Any]]
    now: Callable[[Scheme], dict[str, Any]]
    others: str | Promise
    asks: str | Promise
    waits: str | Promise
    proposed: str | Promise
    decided: str | Promise


def form(request: SignedIn, slug: str, page: Page[Any]) -> HttpResponse:
    """Show the present state with its history; the people who keep the money propose a change."""
    scheme = scheme_for(request.user, slug)
    if request.method == "GET":
        return _shown(request, scheme, page)
    if not reaches(request.user, scheme, MONEY_KEEPERS):
        raise Refused(str(page.others))
    typed = page.form(request.POST, request.FILES)
    if not typed.is_valid():
        return _shown(request, scheme, page, typed)
    try:
        page.propose(request.user, scheme, typed.cleaned_data)
    except Refused as refused:
        typed.add_error(page.field(refused), refused.reason)
        return _shown(request, scheme, page, typed)
    messages.success(request, str(page.proposed))
    return redirect(f"grants:{page.kind.name}", scheme.slug)


def decide(request: SignedIn, slug: str, pk: int, name: str, page: Page[Any]) -> HttpResponse:
    """Confirm or refuse what another person proposed, or withdraw what one proposed oneself."""
    scheme = scheme_for(request.user, slug)
    change = get_object_or_404(page.kind.table.model, scheme=scheme, pk=pk)
    note = RefusalForm(request.POST, move=name)
    if not note.is_valid():
        return _shown(request, scheme, page, refusal=note)
    row = changes.decide(request.user, page.kind, change, name, note.reason)
    messages.success(request, str(page.decided) % {"status": row.get_status_display()})
    return redirect(f"grants:{page.kind.name}", scheme.slug)


def _shown(
    request: SignedIn,
    scheme: Scheme,
    page: Page[Any],
    typed: forms.Form | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    table = page.kind.table
    rows = list(table.model.objects.filter(scheme=scheme).select_related("scheme", "proposed_by", "decided_by"))
    waiting = [
        {
            "change": row,
            "moves": table.names_open_to(row, request.user),
            "why_not": table.answer(row, "confirm", request.user).reason,
            **page.effect(row),
        }
        for row in rows
        if row.status == RulingStatus.DRAFT
    ]
    bound = [one for one in (typed, refusal) if one is not None]
    context = {
        "scheme": scheme,
        "page": page,
        "decide": f"grants:{page.kind.name}_decide",
        "waiting": waiting,
        "changes": [row for row in rows if row.status != RulingStatus.DRAFT],
        "form": (typed or page.blank(scheme)) if reaches(request.user, scheme, MONEY_KEEPERS) else None,
        "refusal": refusal or RefusalForm(),
        "forms": bound,
        "show": bool(bound),
        **page.now(scheme),
    }
    return render(request, page.template, context, status=422 if bound else 200)


def scheme_for(user: User, slug: str) -> Scheme:
    """Return the scheme whose money this person looks after. Schemes are public, so others read why not."""
    scheme = get_object_or_404(Scheme, slug=slug)
    if not reaches(user, scheme, COUNTY_READERS):
        raise Refused(_("這個方案屬於另一個縣，您不能登錄它的款項。"))
    return scheme


def reaches(user: User, scheme: Scheme, who: Who) -> bool:
    return any(post.role in each(who) and post.county in ("", scheme.county) for post in posts_of(user))

"""The envelopes of a scheme's years: their history, proposing a change, confirming one."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.forms.schemes.changes import EnvelopeForm
from grants.models import EnvelopeChange, Scheme
from grants.queries.schemes.public import approved_of, envelope_uses
from grants.services.schemes import envelopes
from grants.services.schemes.envelopes import BelowApprovedError, EnvelopeDraft
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.roc_date import ad_year

from . import changes


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def envelope_form(request: SignedIn, slug: str) -> HttpResponse:
    """Show the envelopes with their history; the people who keep them propose a change."""
    return changes.form(request, slug, PAGE)


@audience(MONEY_KEEPERS)
@require_POST
def envelope_decide(request: SignedIn, slug: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another person proposed."""
    return changes.decide(request, slug, pk, name, PAGE)


@audience(COUNTY_READERS)
@require_GET
def envelope_scan(request: SignedIn, slug: str, pk: int) -> FileResponse:
    change = get_object_or_404(EnvelopeChange, scheme=changes.scheme_for(request.user, slug), pk=pk)
    return response(change.scan, inline=True)


def _propose(user: User, scheme: Scheme, data: dict[str, Any]) -> EnvelopeChange:
    return envelopes.propose(user, scheme, EnvelopeDraft(**data | {"year": ad_year(data["year"])}))


def _effect(change: EnvelopeChange) -> dict[str, int]:
    """Return the effect of a proposed change on what is approved so far."""
    approved = approved_of(change.scheme, change.year)
    return {"approved": approved, "left": change.amount - approved}


PAGE = changes.Page(
    kind=envelopes.KIND,
    template="grants/schemes/envelope.html",
    form=EnvelopeForm,
    blank=lambda scheme: EnvelopeForm(),
    propose=_propose,
    field=lambda refused: "below" if isinstance(refused, BelowApprovedError) else "year",
    effect=_effect,
    now=lambda scheme: {"uses": envelope_uses(scheme.envelopes.order_by("year"))},
    others=_l("年度額度由主管和主計出納登錄。"),
    asks=_l("有一筆額度等您確認"),
    waits=_l("有一筆額度等人確認"),
    proposed=_l("已登錄。請另一位主管或主計出納確認，確認前照原來的額度計算。"),
    decided=_l("年度額度：%(status)s。"),
)

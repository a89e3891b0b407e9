"""Where money comes back to and within how many days: the present terms, proposing a change, confirming one."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from grants.forms.schemes.changes import ReturnTermsForm
from grants.services.schemes import return_terms
from grants.services.schemes.return_terms import ReturnTerms
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, MONEY_KEEPERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience

from . import changes


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def return_terms_form(request: SignedIn, slug: str) -> HttpResponse:
    """Show the account and the days with their history; the people who keep them propose a change."""
    return changes.form(request, slug, PAGE)


@audience(MONEY_KEEPERS)
@require_POST
def return_terms_decide(request: SignedIn, slug: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another person proposed."""
    return changes.decide(request, slug, pk, name, PAGE)


PAGE = changes.Page(
    kind=return_terms.KIND,
    template="grants/schemes/return_terms.html",
    form=ReturnTermsForm,
    blank=lambda scheme: ReturnTermsForm(initial={"days": scheme.return_days}),
    propose=lambda user, scheme, data: return_terms.propose(user, scheme, ReturnTerms(**data)),
    field=lambda refused: None,
    effect=lambda change: {},
    now=lambda scheme: {},
    others=_l("繳回帳戶由主管和主計出納登錄。"),
    asks=_l("有一筆繳回帳戶等您確認"),
    waits=_l("有一筆繳回帳戶等人確認"),
    proposed=_l("已登錄。請另一位主管或主計出納確認，確認前照原來的帳戶和天數。"),
    decided=_l("繳回帳戶：%(status)s。"),
)

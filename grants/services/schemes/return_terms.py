"""Where money comes back to and within how many days (繳回): proposed by one person, confirmed by another.

Deadlines that run already keep their day, and issued letters keep their words.
"""

from dataclasses import asdict, dataclass, fields

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import ReturnTermsChange, Scheme
from grants.workflow.schemes import RETURN_TERMS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail

from . import changes

SET = actions.register("return_terms.set", _l("登錄繳回帳戶與天數"))
COLUMNS = ("return_account", "return_days")


@dataclass(frozen=True)
class ReturnTerms:
    """Proposed terms; `bank_code` and `bank_account` as lib.identifiers writes them."""

    days: int
    bank_code: str
    bank_account: str
    account_name: str
    memo_number: str
    reason: str


def propose(user: User, scheme: Scheme, terms: ReturnTerms) -> ReturnTermsChange:
    """Keep a change until another person confirms it. Raises Refused for another post, or a change already open."""
    return changes.propose(user, KIND, ReturnTermsChange(scheme=scheme, **asdict(terms)))


def decide(user: User, change: ReturnTermsChange, name: str, note: str = "") -> ReturnTermsChange:
    """Confirm or refuse the change (`name` of the workflow). Once confirmed it holds at once. Raises MoveRefused."""
    return changes.decide(user, KIND, change, name, note)


def _says(change: ReturnTermsChange) -> str:
    params = {"scheme": change.scheme.short_name, "account": change.account, "days": change.days}
    return _("%(scheme)s：%(account)s；%(days)d 天內繳回。") % params


def _apply(scheme: Scheme, change: ReturnTermsChange) -> None:
    before = trail.snapshot(scheme, *COLUMNS)
    scheme.return_account, scheme.return_days = change.account, change.days
    scheme.save(update_fields=COLUMNS)
    trail.record(SET, scheme, before=before, after=trail.snapshot(scheme, *COLUMNS))


KIND = changes.Kind(
    name="return_terms",
    table=RETURN_TERMS,
    recorded=tuple(field.name for field in fields(ReturnTerms)),
    alike=lambda change: {},
    one_waits=lambda change: _("已經有一筆繳回帳戶等人確認，請先確認或不同意。"),
    says=_says,
    apply=_apply,
    action=actions.register("return_terms.propose", _l("登錄繳回帳戶與天數，待確認")),
    asks=_l("有一筆繳回帳戶等您確認"),
    decided=_l("您登錄的繳回帳戶%(outcome)s"),
)

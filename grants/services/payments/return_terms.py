"""Where and within how many days money comes back (繳回): proposed by one person, confirmed by another.

Terms that run already keep their day, and letters that are out keep their words.
"""

from dataclasses import asdict, dataclass
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import RulingStatus
from grants.models import Application, ReturnTermsChange, Scheme
from grants.permissions import CountyGround, actor_for, holds
from grants.services import notices
from grants.workflow import return_terms
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

PROPOSE = actions.register("return_terms.propose", _l("登錄繳回帳戶與天數，待確認"))
SET = actions.register("return_terms.set", _l("登錄繳回帳戶與天數"))
COLUMNS = ("return_account", "return_days")


@dataclass(frozen=True)
class ReturnTerms:
    """`bank_code` and `bank_account` as lib.identifiers writes them."""

    days: int
    bank_code: str
    bank_account: str
    account_name: str
    memo_number: str
    reason: str


def propose(user: User, scheme: Scheme, terms: ReturnTerms) -> ReturnTermsChange:
    """Keep a change until another person confirms it. Raises Refused: another post, one is open already."""
    ground = cast("Application", CountyGround(scheme.county))
    require(holds(user, ground, MONEY_KEEPERS))
    with trail.unit_of_work(actor_for(user, ground, MONEY_KEEPERS)):
        # Two proposals must not meet: the scheme's row is what they share.
        lock(Scheme.objects.all(), pk=scheme.pk)
        if ReturnTermsChange.objects.filter(scheme=scheme, status=RulingStatus.DRAFT).exists():
            raise Refused(_("已經有一筆繳回帳戶等人確認，請先確認或不同意。"))
        change = ReturnTermsChange.objects.create(
            scheme=scheme, proposed_by=user, proposed_on=clock.today(), **asdict(terms)
        )
        trail.record(PROPOSE, change, after=trail.snapshot(change, *asdict(terms)))
        others = notices.others_than(user, *(holders_of(role, county=scheme.county) for role in MONEY_KEEPERS))
        _notify(change, others, "waits", _("有一筆繳回帳戶等您確認"), user.display_name)
        return change


def decide(user: User, change: ReturnTermsChange, name: str, note: str = "") -> ReturnTermsChange:
    """Confirm or refuse (`name` of the workflow). Confirmed, it holds at once. Raises MoveRefused."""
    with trail.unit_of_work(actor_for(user, return_terms.ground_of(change), MONEY_KEEPERS)):
        scheme = lock(Scheme.objects.all(), pk=change.scheme_id)
        row = lock(ReturnTermsChange.objects.all(), pk=change.pk)
        row.scheme = scheme
        if row.status != RulingStatus.DRAFT and row.decided_by_id == user.pk:
            return row
        decided = {"decided_by": user, "decided_on": clock.today(), "decision_note": note}
        return_terms.move(row, name, user, decided, note=note)
        if row.status == RulingStatus.CONFIRMED:
            _put(scheme, row)
        subject = _("您登錄的繳回帳戶%(outcome)s") % {"outcome": row.get_status_display()}
        _notify(row, [row.proposed_by], name, subject, note)
        return row


def _put(scheme: Scheme, change: ReturnTermsChange) -> None:
    before = trail.snapshot(scheme, *COLUMNS)
    scheme.return_account, scheme.return_days = change.account, change.days
    scheme.save(update_fields=COLUMNS)
    trail.record(SET, scheme, before=before, after=trail.snapshot(scheme, *COLUMNS))


def _notify(change: ReturnTermsChange, people: list[User], kind: str, subject: str, body: str) -> None:
    params = {"scheme": change.scheme.short_name, "account": change.account, "days": change.days}
    head = _("%(scheme)s：%(account)s；%(days)d 天內繳回。") % params
    url = reverse("grants:return_terms", args=[change.scheme.slug])
    words = notices.Words(subject, f"{head}\n{body}".strip(), url)
    notices.send(people, f"return_terms.{kind}", f"return_terms:{change.pk}", words, at_once=False)

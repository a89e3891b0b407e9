"""Guards of the moves around a decision: who proposed, what was proposed, which correction is waited for."""

from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus as S
from grants.models import Application, Proposal
from grants.permissions import not_the_same, officer_for
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny
from miaoli_kaohsiung.lib.roc_date import format_roc

from .core import Guard


def other_than_proposer(case: Application, user: User) -> Answer:
    proposer = case.proposals.filter(decision=Proposal.Decision.OPEN).values_list("proposed_by_id", flat=True).first()
    return not_the_same(user, proposer, _("提案的人不能核定自己的提案，請由另一位主管決定。"))


def own_proposal(case: Application, user: User) -> Answer:
    """Allow the officer who proposed, and the one whose case it is by now."""
    proposer = case.proposals.filter(decision=Proposal.Decision.OPEN).values_list("proposed_by_id", flat=True).first()
    allowed = user.pk == proposer or officer_for(user, case).pk == case.officer_id
    return ALLOW if allowed else deny(_("只有提案的人或這一件的承辦人可以收回建議。"))


def reopening_confirmed(case: Application, user: User) -> Answer:
    """Allow once two people have found that the case is decided anew (services.reviews.reopenings)."""
    found = case.reopenings.filter(decided_anew_on__isnull=True).exists()
    return ALLOW if found else deny(_("要先由承辦人提出、另一位主管確認重新審查。"))


def proposed(outcome: str) -> Guard:
    def guard(case: Application, user: User) -> Answer:
        found = case.proposals.filter(decision=Proposal.Decision.OPEN, outcome=outcome).exists()
        return ALLOW if found else deny(_("承辦人的建議不是這個結果，請先退回重擬。"))

    return guard


def not_proposed(outcome: str) -> Guard:
    def guard(case: Application, user: User) -> Answer:
        found = case.proposals.filter(decision=Proposal.Decision.OPEN, outcome=outcome).exists()
        return deny(_("建議不予受理的案件，退回時回到原來的步驟。")) if found else ALLOW

    return guard


def correction_over(case: Application, user: User) -> Answer:
    """Refuse while a correction is waited for: before its letter is issued, and until its deadline is over."""
    asked = case.corrections.filter(answered_on__isnull=True).first()
    if case.status != S.CORRECTION_REQUESTED or asked is None:
        return ALLOW
    if asked.due_on is None:
        return deny(_("補正函還沒有發文，補正期限還沒有開始算，不能不予受理。"))
    if asked.due_on >= clock.today():
        due = {"due": format_roc(asked.due_on)}
        return deny(_("補正期限到 %(due)s，期限過了才能不予受理。") % due)
    return ALLOW


def correction_open(case: Application, user: User) -> Answer:
    asked = case.corrections.filter(answered_on__isnull=True).exists()
    return ALLOW if asked else deny(_("這一件沒有等待中的補正。"))


def no_correction_open(case: Application, user: User) -> Answer:
    asked = case.corrections.filter(answered_on__isnull=True).exists()
    return deny(_("這一件還在等補正，請退回補正。")) if asked else ALLOW

"""Letters about the account of an award: taken note of, sent back, money to be returned. An officer asks for the draft.

The period in which money must come back begins with its letter, unless it runs already (grants.services.letters.dispatch).
"""

from typing import Any

from django.utils.translation import gettext as _

from grants.enums import LetterKind, LetterStatus, SettlementStatus
from grants.letters import marks
from grants.models import Application, Award, Letter, Settlement
from grants.permissions import actor_for, holds
from grants.queries.law.pages import label_of
from grants.queries.payments import law_of, movements, outcome_of, refund_due, unpaid
from grants.services.payments import returns
from grants.services.sanctions import in_letter_style
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import in_words, mixed

from . import drafts

KINDS = (LetterKind.SETTLEMENT_CORRECTION, LetterKind.SETTLEMENT_ACCEPTED, LetterKind.RETURN)


def open_to(case: Application) -> list[LetterKind]:
    """Return the kinds that the account calls for now and of which none was drafted or issued yet."""
    award = Award.objects.filter(application=case).select_related("application__scheme", "settlement").first()
    if award is None:
        return []
    kept = case.letters.filter(kind__in=KINDS).exclude(status=LetterStatus.CANCELLED)
    there = set(kept.values_list("kind", flat=True))
    return [kind for kind in _wanted(award) if kind not in there or kind == LetterKind.SETTLEMENT_CORRECTION]


def draft(user: User, case: Application, kind: LetterKind) -> Letter:
    """Draft the letter, or return the draft that waits already. Raises Refused if the account calls for no such letter."""
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        require(holds(user, case, CASE_HANDLERS))
        waiting = case.letters.filter(kind=kind, status=LetterStatus.DRAFT).first()
        if waiting is not None:
            return waiting
        if kind not in open_to(case):
            raise Refused(_("這一件現在不用發這種函。"))
        award = Award.objects.select_related("application__scheme", "settlement").get(application=case)
        return drafts.prepare(user, case, kind, **_facts(award, kind))


def _wanted(award: Award) -> list[LetterKind]:
    settlement = getattr(award, "settlement", None)
    status = settlement.status if settlement else ""
    found = [LetterKind.SETTLEMENT_CORRECTION] if status == SettlementStatus.CORRECTION_REQUESTED else []
    if status == SettlementStatus.ACCEPTED:
        found.append(LetterKind.SETTLEMENT_ACCEPTED)
    return [*found, LetterKind.RETURN] if outcome_of(award, movements(award)) and refund_due(award) else found


def _facts(award: Award, kind: LetterKind) -> dict[str, Any]:
    if kind == LetterKind.RETURN:
        return _of_return(award)
    settlement: Settlement = award.settlement
    if kind == LetterKind.SETTLEMENT_CORRECTION:
        return {"items": [line.strip() for line in settlement.correction_note.splitlines() if line.strip()]}
    outcome, back = outcome_of(award, movements(award)), refund_due(award)
    assert outcome is not None
    pays = sum(unpaid(award).values_list("amount", flat=True))
    last = unpaid(award).order_by("-number").first()
    params = {"number": last.number if last else 0, "amount": mixed(pays)}
    paid = _("准予備查，並撥付第%(number)d期款%(amount)s") % params if pays else _("准予備查")
    return {
        "outcome": paid,
        "reported_on": settlement.submitted_on,
        "total_mixed": mixed(award.total),
        "accepted_mixed": mixed(outcome.accepted),
        "pays_mixed": mixed(pays) if pays else "",
        "refund_mixed": mixed(back) if back else "",
    }


def _of_return(award: Award) -> dict[str, Any]:
    outcome, back = outcome_of(award, movements(award)), refund_due(award)
    assert outcome is not None
    case, running = award.application, returns.open_deadline(award)
    clause = label_of(outcome.clauses[-1], law_of(award)) if outcome.clauses else ""
    return {
        "refund_mixed": mixed(back),
        "refund_words": in_words(back),
        "arithmetic": in_letter_style(outcome.arithmetic),
        "basis": f"「{case.scheme.legal_basis}」{clause}",
        "return_way": returns.way_of(case),
        "return_due": running.due_on if running else marks.RETURN_DUE,
    }

"""Letters about the account of an award: taken note of, sent back, money to be returned.

The act that calls for one drafts it. Receipt, correction and return begin with its issue (grants.services.letters.effects);
what was forgotten or discarded is drafted again by the daily work (`catch_up`), or by an officer on the page of the case.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from grants.compliance.rulesets import ruleset_for
from grants.enums import (
    ACCOUNTS,
    AMENDMENTS,
    SANCTIONS,
    DeadlineKind,
    InstalmentStatus,
    LetterKind,
    LetterStatus,
    SettlementStatus,
)
from grants.letters import marks
from grants.models import Application, Award, Deadline, Instalment, Letter, Settlement
from grants.permissions import actor_for, holds
from grants.queries.law.pages import label_of
from grants.queries.payments import (
    has_outcome,
    law_of,
    movements,
    outcome_of,
    owing,
    refund_due,
    turned_down,
    unpaid,
)
from grants.rules import payments
from grants.rules.ruleset import NoValue
from grants.services import notices
from grants.services.payments import returns
from grants.workflow.letters import move
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import in_letter_style, in_words, mixed
from miaoli_kaohsiung.lib.locks import lock_all

from . import drafts

# Letters with whose issue the period begins in which money must come back.
RETURNING = (LetterKind.RETURN, *SANCTIONS, *AMENDMENTS)
_NUMBERS = "一二三四五六七八九"


def open_to(case: Application) -> list[LetterKind]:
    """Return the kinds that the account calls for now and that nobody drafted, or whose draft has other figures."""
    return called_for(case, _award_of(case))


def called_for(case: Application, award: Award | None) -> list[LetterKind]:
    """Return the same for a case whose award was read."""
    wanted = _wanted(award) if award else []
    if award is None or not wanted:
        return []
    kept = {
        letter.kind: letter
        for letter in case.letters.filter(kind__in=ACCOUNTS).exclude(status=LetterStatus.CANCELLED).order_by("pk")
    }
    return [kind for kind in wanted if kind not in kept or _again(award, kept[kind])]


def draft(user: User, case: Application, kind: LetterKind) -> Letter:
    """Draft the letter, or return the draft that waits already. Raises Refused if the account calls for no such letter."""
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        require(holds(user, case, CASE_HANDLERS))
        award = _award_of(case)
        waiting = case.letters.filter(kind=kind, status=LetterStatus.DRAFT).first()
        if waiting is not None and award is not None and not _outdated(award, waiting):
            return waiting
        if award is None or kind not in open_to(case):
            raise Refused(_("這一件現在不用發這種函。"))
        return _prepare(user, award, kind)


def draft_wanted(user: User, award: Award) -> None:
    """Draft all that the account calls for, inside the caller's unit of work; drafts from before make room."""
    for kind in _wanted(award):
        _prepare(user, award, kind)


def drop_moot(award: Award) -> None:
    """Discard the draft about money to be returned once nothing is due, inside the caller's unit of work."""
    if refund_due(award) == 0:
        drafts.drop(award.application, LetterKind.RETURN)


def catch_up() -> int:
    """Draft the missing letters about money that must come back, so that it is asked for; return how many. Drafts with
    nothing due any more are discarded.
    """
    stale = Letter.objects.filter(kind=LetterKind.RETURN, status=LetterStatus.DRAFT)
    trail.in_pieces(stale.values_list("pk", flat=True), _drop_unowed)
    laid = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.RETURN, done_on__isnull=True)
    coming = Letter.objects.filter(application=OuterRef("application"), kind__in=RETURNING, status=LetterStatus.DRAFT)
    missing = owing(Award.objects.all()).exclude(Exists(laid)).exclude(Exists(coming))
    related = ("application__scheme", "application__organisation", "settlement")
    return trail.in_pieces(missing.select_related(*related).iterator(trail.PIECE), _draft_returns)


def _drop_unowed(stale: list[int]) -> int:
    rows = Letter.objects.filter(pk__in=stale, status=LetterStatus.DRAFT).select_related("application__award")
    moot = [letter for letter in lock_all(rows) if refund_due(letter.case.award) == 0]
    for letter in moot:
        move(letter, "drop", None)
    return len(moot)


def _draft_returns(missing: Sequence[Award]) -> int:
    officers = [(next(iter(notices.officers(award.application)), None), award) for award in missing]
    asked = [(officer, award) for officer, award in officers if officer is not None]
    for officer, award in asked:
        _prepare(officer, award, LetterKind.RETURN)
    return len(asked)


def objection(letter: Letter) -> str:
    """Return why the draft's figures are no longer those of the account, "" if they are."""
    if letter.application is None or letter.kind not in ACCOUNTS:
        return ""
    award = _award_of(letter.application)
    if award is None or not _outdated(award, letter):
        return ""
    return _("擬稿以後，這一案應撥付或應繳回的金額變了；請到案件頁重新擬這份函。")


def figures_of(award: Award) -> dict[str, int]:
    """Return what is still to be paid and what must come back, in whole NT dollars, as a letter keeps them."""
    return {"pays": sum(unpaid(award).values_list("amount", flat=True)), "refund": refund_due(award)}


def _award_of(case: Application) -> Award | None:
    return Award.objects.filter(application=case).select_related("application__scheme", "settlement").first()


def _again(award: Award, letter: Letter) -> bool:
    """Return whether a letter of the kind does not keep another one from being drafted."""
    return letter.kind == LetterKind.SETTLEMENT_CORRECTION or _outdated(award, letter)


def _outdated(award: Award, letter: Letter) -> bool:
    """Return whether a draft has other figures than the account by now."""
    kept = letter.context.get("figures")
    return letter.status == LetterStatus.DRAFT and kept is not None and kept != figures_of(award)


def _prepare(user: User, award: Award, kind: LetterKind) -> Letter:
    drafts.drop(award.application, kind)
    kept = {} if kind == LetterKind.SETTLEMENT_CORRECTION else {"figures": figures_of(award)}
    return drafts.prepare(user, award.application, kind, kept, **_facts(award, kind))


def _wanted(award: Award) -> list[LetterKind]:
    settlement = getattr(award, "settlement", None)
    status = settlement.status if settlement else ""
    found = [LetterKind.SETTLEMENT_CORRECTION] if status == SettlementStatus.CORRECTION_REQUESTED else []
    if status == SettlementStatus.ACCEPTED:
        found.append(LetterKind.SETTLEMENT_ACCEPTED)
    outcome = outcome_of(award, movements(award)) if has_outcome(award) else None
    return [*found, LetterKind.RETURN] if outcome and outcome.refund else found


def _facts(award: Award, kind: LetterKind) -> dict[str, Any]:
    if kind == LetterKind.RETURN:
        return _of_return(award)
    settlement: Settlement = award.settlement
    if kind == LetterKind.SETTLEMENT_CORRECTION:
        return {"items": [line.strip() for line in settlement.correction_note.splitlines() if line.strip()]}
    outcome, back = outcome_of(award, movements(award)), refund_due(award)
    assert outcome is not None
    last = unpaid(award).order_by("-number").first()
    params = {"what": _instalment_words(last), "amount": mixed(last.amount)} if last else {}
    return {
        "outcome": _("准予備查，並撥付%(what)s%(amount)s") % params if params else _("准予備查"),
        "reported_on": settlement.submitted_on,
        "total_mixed": mixed(award.total),
        "accepted_mixed": mixed(outcome.accepted),
        "pays_mixed": mixed(last.amount) if last else "",
        "claim": _claim(last) if last else "",
        "refund_mixed": mixed(back) if back else "",
    }


def _instalment_words(row: Instalment) -> str:
    """Return 第二期款, or 補助款 for an award that is paid at once."""
    alone = not row.award.instalments.exclude(pk=row.pk).exclude(status=InstalmentStatus.CANCELLED).exists()
    return _("補助款") if alone else _("第%(number)s期款") % {"number": _NUMBERS[row.number - 1]}


def _claim(row: Instalment) -> str:
    """Return how the association asks for the money, with the day if the scheme's law counts one."""
    case, today = row.award.application, clock.today()
    params = {"amount": in_words(row.amount), "what": _instalment_words(row), "due": marks.RECEIPT_DUE}
    try:
        days = payments.receipt_days(ruleset_for(case.scheme, today), today)
    except NoValue:
        return _("請檢送領據（%(amount)s）及存摺影本，憑撥%(what)s。") % params
    text = _("請於文到%(days)d日內（%(due)s前）檢送領據（%(amount)s）及存摺影本，憑撥%(what)s。")
    return text % {**params, "days": days}


def _of_return(award: Award) -> dict[str, Any]:
    outcome, back = outcome_of(award, movements(award)), refund_due(award)
    assert outcome is not None
    case, running = award.application, returns.open_deadline(award)
    basis = f"「{case.scheme.legal_basis}」"
    clause = label_of(outcome.clauses[-1], law_of(award)) if outcome.clauses else ""
    return {
        "refund_mixed": mixed(back),
        "refund_words": in_words(back),
        "arithmetic": in_letter_style(outcome.arithmetic),
        "basis": _("行政程序法第117條、第127條") if turned_down(award) else f"{basis}{clause}",
        "return_way": returns.way_of(case),
        "return_due": running.due_on if running else marks.RETURN_DUE,
    }

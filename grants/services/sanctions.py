"""柒三: a project not carried out, money misused, an award revoked. One officer records it, another one confirms it.

Misuse is a deduction: the misused money is withheld or returned when the account is settled, and the next application
is returned; the award goes on. `ENDING` decisions end the award, stop what is not paid, give the rest back to the
envelope and say what must come back. A revocation bars nobody: the bar of 柒三 comes with a decision on misuse. Locks are
taken in the order award, instalments.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.enums import (
    BEING_PAID,
    SANCTIONABLE,
    WITHOUT_EFFECT,
    AwardStatus,
    LedgerKind,
    LetterKind,
    RulingStatus,
    SanctionEvent,
)
from grants.letters import marks
from grants.models import Application, Award, Deadline, Sanction, Settlement
from grants.permissions import actor_for, holds
from grants.queries.applications.other_cases import BAN_ROLES
from grants.queries.law.pages import label_of
from grants.queries.payments import Movements, law_of, misused_amount, movements, refund_due, revoked, settled, unpaid
from grants.rules import payments
from grants.rules.ruleset import NoValue
from grants.services.amendments.asking import drop_undecided
from grants.services.locks import lock_award
from grants.services.payments.instalments import close_if_done, write_entry
from grants.workflow import awards, sanctions
from grants.workflow.payments import move
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import in_letter_style, mixed
from miaoli_kaohsiung.lib.locks import lock, lock_all, lock_first
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import notices
from .letters import drafts
from .payments import returns

RECORD = actions.register("sanction.record", _l("登錄停止申請處分"))
SHRINK = actions.register("instalment.shrink", _l("扣除支用不當，改期款金額"))
CONSUME = actions.register("sanction.consume", _l("下次申請已退回，停止申請期滿"))
# The statute under which an award is revoked (行政程序法 123); no bar of 柒三 comes with it.
NO_BAR = ""
# Ending an award: each decision with its move.
ENDING = {SanctionEvent.NOT_EXECUTED: "not_execute", SanctionEvent.REVOKED: "revoke"}
OPEN_SETTLEMENT = ("submitted", "correction_requested", "sums_checked", "content_checked")


@dataclass(frozen=True)
class SanctionDraft:
    """What an officer records. `disallowed` is in whole NT dollars, beyond what the settlement struck out already."""

    event: str
    decided_on: dt.date
    heard_on: dt.date
    reason: str
    disallowed: int = 0


@dataclass(frozen=True)
class Consequences:
    """The effects of a decision in whole NT dollars: what comes back, what is not paid any more, what is set free.

    `outcome` is None if misuse is carried over to a later settlement. `ends` says that the award is over.
    """

    bar: payments.Sanction
    outcome: payments.Settlement | None
    stopped: int = 0
    released: int = 0
    ends: bool = False


def consequences(award: Award, draft: SanctionDraft) -> Consequences:
    """Return the ban and the money, computed before anything is written. Raises Refused where the scheme's law has no
    ban.
    """
    bar, money, ends = _bar(award, draft), movements(award), draft.event in ENDING
    outcome = _outcome(award, draft, money)
    if outcome is None:
        return Consequences(bar, None)
    left = sum(unpaid(award).values_list("amount", flat=True))
    # Ending the award stops what was admitted but not paid: the county bears no more than the association has.
    borne = min(outcome.accepted, money.held) if ends else outcome.accepted
    stopped = left if ends else max(0, left - outcome.payable)
    return Consequences(bar, outcome, stopped, max(0, money.committed - money.released - borne), ends)


def record(user: User, award: Award, draft: SanctionDraft) -> Sanction:
    """Keep the decision until another officer confirms it. Nothing happens to the award before that."""
    with _locked(user, award) as row:
        require(holds(user, row.application, CASE_HANDLERS))
        _refuse_unfit(row, draft)
        bar = consequences(row, draft).bar
        sanction = Sanction.objects.create(
            organisation_id=row.application.organisation_id,
            award=row,
            county=row.county,
            approved_end=row.ends_on,
            barred_from=bar.barred_from,
            barred_to=bar.barred_to,
            next_application=bar.next_application,
            recorded_by=user,
            recorded_on=clock.today(),
            **vars(draft),
        )
        trail.record(RECORD, sanction, after=_snapshot(sanction), case=row.number)
        people = notices.others_than(user, notices.officers(row.application), notices.approvers(row.application))
        subject, event = _("有一件停止申請處分等您確認"), str(sanction.get_event_display())
        notices.about_part(sanction, people, "waits", subject, event)
        return sanction


def confirm(user: User, sanction: Sanction) -> Sanction:
    """Give the decision its effect. Done by another officer; pressed twice, the second call changes nothing."""
    with _locked(user, sanction.award) as award:
        row = lock(Sanction.objects.all(), pk=sanction.pk)
        row.award = award
        if row.status == RulingStatus.CONFIRMED and row.confirmed_by_id == user.pk:
            return row
        permit = sanctions.permit(row, "confirm", user)
        _refuse_under_way(award, row.event)
        due = consequences(award, draft_of(row))
        permit.make(_decided(user))
        if due.ends:
            awards.move(award, ENDING[SanctionEvent(row.event)], user, decision=row.pk)
            _stop_payments(award)
            drop_undecided(award)
            Deadline.objects.filter(award=award, done_on__isnull=True).update(done_on=clock.today())
        elif due.outcome is not None:
            _take_back(award, due.outcome)
        if due.released > 0:
            note = str(SanctionEvent(row.event).label)
            write_entry(user, award, LedgerKind.RELEASED, due.released, note=note)
        _notify_county(row)
        _draft_letter(user, row, due)
        close_if_done(award)
        return row


def refuse(user: User, sanction: Sanction, note: str) -> Sanction:
    """Refuse what another officer recorded; the award goes on as it was."""
    with _locked(user, sanction.award) as award:
        row = lock(Sanction.objects.all(), pk=sanction.pk)
        row.award = award
        sanctions.move(row, "refuse", user, _decided(user), reason=note)
        body = note or str(row.get_event_display())
        notices.about_part(row, [row.recorded_by], "refused", _("您登錄的停止申請處分未獲同意"), body)
        return row


def withdraw(user: User, sanction: Sanction) -> Sanction:
    """Take back what one recorded oneself, before anybody confirmed it; the award goes on as it was."""
    with _locked(user, sanction.award) as award:
        row = lock(Sanction.objects.all(), pk=sanction.pk)
        row.award = award
        return sanctions.move(row, "withdraw", user)


def consume(case: Application) -> Sanction | None:
    """Use up the oldest bar of the next application (A29) with this case, inside the caller's unit of work."""
    waiting = Sanction.objects.filter(
        organisation=case.organisation_id,
        status=RulingStatus.CONFIRMED,
        next_application=True,
        consumed_by__isnull=True,
        notified_on__isnull=False,
    )
    row = lock_first(waiting.order_by("decided_on", "id"))
    if row is None:
        return None
    row.consumed_by = case
    row.save(update_fields=["consumed_by"])
    trail.record(CONSUME, row, after={"consumed_by": case.number}, case=case.number)
    return row


def draft_of(row: Sanction) -> SanctionDraft:
    return SanctionDraft(row.event, row.decided_on, row.heard_on, row.reason, disallowed=row.disallowed)


def events_of(award: Award) -> list[SanctionEvent]:
    """Return the decisions that the award's law knows. Any award can be revoked (行政程序法 117, 123)."""
    of_award = law_of(award)
    return [event for event in SanctionEvent if event == SanctionEvent.REVOKED or of_award.cite(BAN_ROLES[event])]


def ban_years(award: Award) -> int:
    """Return for how many years a project that was not carried out bars its association, by the law of today."""
    years: int = ruleset_for(award.application.scheme, clock.today()).value("ban.years", clock.today(), "lenient")
    return years


def _bar(award: Award, draft: SanctionDraft) -> payments.Sanction:
    if draft.event == SanctionEvent.REVOKED:
        return payments.Sanction(NO_BAR)
    ruleset = ruleset_for(award.application.scheme, clock.today())
    try:
        return payments.sanction(draft.event, award.ends_on, draft.decided_on, ruleset, clock.today())
    except NoValue as unknown:
        raise Refused(_("這個方案的規定沒有停止申請的處分。")) from unknown


def _outcome(award: Award, draft: SanctionDraft, money: Movements) -> payments.Settlement | None:
    if draft.event == SanctionEvent.NOT_EXECUTED:
        return payments.settlement(
            award.total, money.paid, 0, executed=False, returned=money.back, ruleset=law_of(award)
        )
    misused = misused_amount(award) + draft.disallowed
    if accepted := _accepted(award):
        return settled(award, money, accepted.eligible or 0, accepted.surcharge, disallowed=misused)
    return revoked(award, money, misused) if draft.event == SanctionEvent.REVOKED else None


def _accepted(award: Award) -> Settlement | None:
    settlement = getattr(award, "settlement", None)
    return settlement if settlement is not None and settlement.accepted_on else None


def _refuse_unfit(award: Award, draft: SanctionDraft) -> None:
    event = SanctionEvent(draft.event)
    sources = awards.TABLE[ENDING[event]].sources if event in ENDING else SANCTIONABLE
    if award.status not in sources:
        raise Refused(_("這一案目前是「%(status)s」，不能登錄這項處分。") % {"status": award.get_status_display()})
    if Sanction.objects.filter(award=award, event=event).exclude(status__in=WITHOUT_EFFECT).exists():
        raise Refused(_("這一案已經登錄過這項處分。"))
    if not draft.heard_on <= draft.decided_on <= clock.today():
        raise Refused(_("要先給單位陳述意見的機會，再作處分；日期也不能晚於今天。"))
    if draft.heard_on < (first := min(award.starts_on, award.approved_on)):
        raise Refused(_("陳述意見的日期不能早於%(day)s（核定日和執行起日中較早的一天）。") % {"day": format_roc(first)})
    if event == SanctionEvent.NOT_EXECUTED and draft.disallowed:
        raise Refused(_("未執行的案件全數繳回，不用填支用不當的金額。"))
    most = _most(award, event)
    if draft.disallowed > most:
        raise Refused(_("支用不當的金額不能超過 %(most)s 元。") % {"most": format_amount(most)})
    _refuse_under_way(award, event)


def _most(award: Award, event: SanctionEvent) -> int:
    """Return the most that can still have been misused: of what the county bears, of what was paid, or of what was
    approved.
    """
    money = movements(award)
    if accepted := _accepted(award):
        return settled(award, money, accepted.eligible or 0, accepted.surcharge).accepted
    held = money.paid if event == SanctionEvent.REVOKED else award.total
    return max(0, held - misused_amount(award))


def _refuse_under_way(award: Award, event: str) -> None:
    """Refuse while a payment is under way. Misuse before the settlement touches no payment and is exempt."""
    if event == SanctionEvent.MISUSE and _accepted(award) is None:
        return
    if award.instalments.filter(status__in=BEING_PAID).exists():
        raise Refused(_("有一期款還在請款或撥付中，請先撥付或退回領據，再辦理處分。"))
    settlement = getattr(award, "settlement", None)
    if settlement is not None and settlement.status in OPEN_SETTLEMENT:
        raise Refused(_("結報還在核對中，請先准予核銷，再辦理處分。"))


def _decided(user: User) -> dict[str, Any]:
    return {"confirmed_by": user, "confirmed_on": clock.today()}


def _take_back(award: Award, outcome: payments.Settlement) -> None:
    """Take back money misused in an accepted account: the last payment shrinks, and what was paid beyond it comes back."""
    for row in lock_all(unpaid(award)):
        row.award = award
        if not outcome.payable:
            move(row, "cancel", None)
            continue
        before, row.amount = row.amount, outcome.payable
        row.save(update_fields=["amount"])
        trail.record(SHRINK, row, before={"amount": before}, after={"amount": row.amount}, case=award.number)
    if outcome.refund and award.status == AwardStatus.CLOSED:
        awards.move(award, "reopen", None)


def _stop_payments(award: Award) -> None:
    for row in lock_all(unpaid(award)):
        row.award = award
        move(row, "cancel", None)


def _snapshot(sanction: Sanction) -> dict[str, Any]:
    names = ("event", "decided_on", "heard_on", "reason", "disallowed")
    return trail.snapshot(sanction, *names, "barred_from", "barred_to", "next_application")


def in_words(sanction: Sanction) -> str:
    """Return the ban in one sentence with both days included, or "" if the decision bars nobody."""
    if sanction.event == SanctionEvent.REVOKED:
        return ""
    if sanction.next_application:
        return _("下一件申請不受理；退回後，再下一件就可以申請。")
    assert sanction.barred_from is not None
    assert sanction.barred_to is not None
    days = {"first": format_roc(sanction.barred_from), "last": format_roc(sanction.barred_to)}
    return _("%(first)s到%(last)s不得申請。") % days


def counted(sanction: Sanction) -> str:
    """Return the ban as its letter counts it: from which day and how many, both ends included; "" if there is none."""
    if sanction.event == SanctionEvent.REVOKED:
        return ""
    if sanction.next_application:
        return _("下次申請不予受理；該件退回後，再下一件即得申請。")
    assert sanction.barred_from is not None
    assert sanction.barred_to is not None
    days = (sanction.barred_to - sanction.barred_from).days + 1
    params = {
        "end": format_roc(sanction.approved_end),
        "decided": format_roc(sanction.decided_on),
        "first": format_roc(sanction.barred_from),
        "last": format_roc(sanction.barred_to),
        "days": days,
    }
    if days < 1:
        return _("核定執行期間至%(end)s止，停止申請期間已於%(last)s屆滿。") % params
    text = _(
        "核定執行期間至%(end)s止，處分日%(decided)s；自%(first)s起至%(last)s止（首尾兩日均計），共%(days)d日不得申請。"
    )
    return text % params


def _draft_letter(user: User, row: Sanction, due: Consequences) -> None:
    """Draft the letter to the organisation; an officer proofreads, numbers and dispatches it."""
    case, refund = row.award.application, due.outcome.refund if due.outcome else 0
    ruleset = ruleset_for(case.scheme, clock.today())
    deadline = returns.open_deadline(row.award)
    revoked = row.event == SanctionEvent.REVOKED
    row.letter = drafts.prepare(
        user,
        case,
        LetterKind.REVOCATION if revoked else LetterKind.SANCTION,
        {"sanction": row.pk},
        cause=_("經費支用不當") if row.event == SanctionEvent.MISUSE else _("未執行"),
        basis=f"「{case.scheme.legal_basis}」{label_of(ruleset.cite(BAN_ROLES[SanctionEvent(row.event)]), ruleset)}",
        heard_on=row.heard_on,
        # A paragraph of the letter is one line.
        reason=" ".join(row.reason.split()),
        bar=counted(row),
        misused=mixed(row.disallowed) if row.disallowed and due.outcome is None else "",
        stopped=mixed(due.stopped) if due.stopped else "",
        refund_mixed=mixed(refund) if refund else "",
        arithmetic=in_letter_style(due.outcome.arithmetic) if due.outcome else "",
        # An existing deadline of the money stays; a new one is counted from the letter (grants.services.letters.effects).
        return_due=deadline.due_on if deadline else marks.RETURN_DUE,
        return_way=returns.way_of(case) if refund else "",
    )
    row.save(update_fields=["letter"])


def described(row: Sanction) -> str:
    """Return the words for the organisation, sent with the letter and not before: a draft has no effect."""
    due = refund_due(row.award)
    params = {"event": row.get_event_display(), "bar": in_words(row), "amount": format_amount(due)}
    text = _("縣府決定：%(event)s。%(bar)s") % params
    if due:
        return text + _("請繳回 %(amount)s 元。") % params
    if row.disallowed and row.event == SanctionEvent.MISUSE and _accepted(row.award) is None:
        return text + _("支用不當的 %(misused)s 元，結報核銷時扣除。") % {"misused": format_amount(row.disallowed)}
    return text


def _notify_county(row: Sanction) -> None:
    """Notify the county's own people: what comes back, and that the letter has to be issued."""
    award = row.award
    returns.notify_finance(award, "sanction.return")
    notices.about_award(award, notices.officers(award.application), "sanction.confirmed", f"sanction:{row.pk}",
                 _("處分已確認，請發函"), str(row.get_event_display()), reverse("grants:letter_list") + "?status=draft")  # fmt: skip


@contextmanager
def _locked(user: User, award: Award) -> Iterator[Award]:
    with trail.unit_of_work(actor_for(user, award.application, CASE_HANDLERS)):
        yield lock_award(award)

"""A decision by 柒三 did not stand (訴願, or an error of the county's): two people lift it, and what it did is undone.

Nothing is overwritten: the decision stays, marked as lifted; the ledger gets entries the other way; what was paid back is
paid again when the account is settled. A bar that an application has used up stays used up. Locks: award, sanction,
instalments.
"""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import (
    AwardStatus,
    DeadlineKind,
    InstalmentCondition,
    InstalmentStatus,
    LedgerKind,
    LetterKind,
    RulingStatus,
    SanctionEvent,
    SanctionStatus,
)
from grants.models import Award, Deadline, Instalment, Sanction, SanctionLifting, Settlement
from grants.permissions import actor_for, holds
from grants.queries.payments import movements, refund_due, settled
from grants.services import notices
from grants.services.letters import drafts
from grants.services.locks import lock_award
from grants.services.payments.instalments import close_if_done, write_entry
from grants.services.settlements.due import set_due
from grants.workflow import awards, core, sanctions
from grants.workflow.payments import move
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc

ASK = actions.register("sanction_lifting.ask", _l("提出撤銷處分"))
AMOUNT = actions.register("instalment.restore_amount", _l("處分撤銷，改期款金額"))


def ask(user: User, sanction: Sanction, *, ruling_number: str, ruled_on: dt.date, reason: str) -> SanctionLifting:
    """Ask to lift a confirmed decision. Nothing changes before somebody else confirms it."""
    with trail.unit_of_work(actor_for(user, sanction.award.application, CASE_HANDLERS)):
        row = _locked(sanction)
        require(holds(user, row.award.application, CASE_HANDLERS))
        if row.status != SanctionStatus.CONFIRMED:
            raise Refused(_("已確認的處分才能撤銷。"))
        if not row.decided_on <= ruled_on <= clock.today():
            raise Refused(_("日期要在處分日和今天之間。"))
        open_one = row.liftings.filter(status=RulingStatus.DRAFT).first()
        if open_one is not None:
            if open_one.asked_by_id == user.pk and open_one.ruling_number == ruling_number:
                return open_one
            raise Refused(_("已經有人提出撤銷，請先處理那一件。"))
        made = SanctionLifting.objects.create(
            sanction=row,
            ruling_number=ruling_number,
            ruled_on=ruled_on,
            reason=reason,
            asked_by=user,
            asked_on=clock.today(),
        )
        trail.record(ASK, made, after={"ruling_number": ruling_number, "reason": reason}, case=row.award.number)
        case = row.award.application
        people = notices.others_than(user, notices.officers(case), notices.approvers(case))
        notices.about_part(row, people, "lifting", _("有一件撤銷處分等您確認"), reason)
        return made


def decide(user: User, lifting: SanctionLifting, name: str, note: str = "") -> SanctionLifting:
    """Confirm or refuse what somebody else asked for, or withdraw what one asked for oneself. Pressed twice, the second
    call changes nothing.
    """
    with trail.unit_of_work(actor_for(user, lifting.sanction.award.application, CASE_HANDLERS)):
        sanction = _locked(lifting.sanction)
        row = lock(SanctionLifting.objects.all(), pk=lifting.pk)
        row.sanction = sanction
        if row.status == sanctions.LIFTINGS[name].target and row.decided_by_id == user.pk:
            return row
        permit = core.permit(sanctions.LIFTINGS, row, name, user)
        if name == "withdraw":
            return permit.make()
        if name == "confirm":
            _lift(user, sanction, row)
        permit.make({"decided_by": user, "decided_on": clock.today(), "note": note}, note=note)
        return row


def _locked(sanction: Sanction) -> Sanction:
    award = lock_award(sanction.award)
    row = lock(Sanction.objects.select_related("letter"), pk=sanction.pk)
    row.award = award
    return row


def _lift(user: User, sanction: Sanction, lifting: SanctionLifting) -> None:
    award = sanction.award
    sanctions.move(sanction, "lift", None, ruling_number=lifting.ruling_number)
    ended = sanction.event != SanctionEvent.MISUSE
    if ended:
        awards.move(award, "reinstate_completed" if award.completed_on else "reinstate", None)
    settlement = _accepted(award)
    if settlement is not None:
        _pay_what_is_due(award, settlement)
    elif ended:
        _restore_plan(award)
        Deadline.objects.filter(award=award, kind=DeadlineKind.SETTLEMENT).update(done_on=None)
        set_due(award)
    _hold_again(user, award, settlement, lifting)
    if refund_due(award) == 0:
        back = Deadline.objects.filter(award=award, kind=DeadlineKind.RETURN, done_on__isnull=True)
        back.update(done_on=clock.today())
    _draft_letter(user, sanction, lifting)
    close_if_done(award)


def _accepted(award: Award) -> Settlement | None:
    settlement = getattr(award, "settlement", None)
    return settlement if settlement is not None and settlement.accepted_on else None


def _restore_plan(award: Award) -> None:
    """Put the cancelled instalments back, as far as they are the plan of what is approved now."""
    rows = lock_all(award.instalments.order_by("number"))
    whole = sum(row.amount for row in rows) == award.total
    for row in rows:
        row.award = award
        settles = row.condition == InstalmentCondition.SETTLEMENT
        if row.status != InstalmentStatus.CANCELLED or not (whole or settles):
            continue
        move(row, "restore", None)
        if not settles:
            move(row, "release", None)


def _pay_what_is_due(award: Award, settlement: Settlement) -> None:
    """Let the association ask for what the accepted account leaves to pay without the decision."""
    payable = settled(award, movements(award), settlement.eligible or 0, settlement.surcharge).payable
    if not payable:
        return
    if award.status == AwardStatus.CLOSED:
        awards.move(award, "reopen", None)
    rows = lock_all(award.instalments.order_by("number"))
    last = rows[-1]
    if last.status == InstalmentStatus.PAID:
        last = lock(Instalment.objects.all(), pk=_one_more(award, last, payable).pk)
    last.award = award
    if last.status == InstalmentStatus.CANCELLED:
        move(last, "restore", None)
    if last.status == InstalmentStatus.SCHEDULED:
        move(last, "release", None)
    before, last.amount = last.amount, payable
    last.save(update_fields=["amount"])
    trail.record(AMOUNT, last, before={"amount": before}, after={"amount": payable}, case=award.number)
    # The receipt is asked for by the letter that lifts the decision.
    settlement.notified_on = None
    settlement.save(update_fields=["notified_on"])


def _one_more(award: Award, last: Instalment, amount: int) -> Instalment:
    """Return a further instalment: all the others are paid, and some of it came back."""
    return Instalment.objects.create(
        award=award,
        number=last.number + 1,
        amount=amount,
        condition=InstalmentCondition.SETTLEMENT,
        status=InstalmentStatus.SCHEDULED,
        clause=last.clause,
    )


def _hold_again(user: User, award: Award, settlement: Settlement | None, lifting: SanctionLifting) -> None:
    """Set the money aside again that the decision had released; the ruling's number stands for the memo."""
    money, wanted = movements(award), award.total
    if settlement is not None:
        wanted = settled(award, money, settlement.eligible or 0, settlement.surcharge).accepted
    missing = wanted - (money.committed - money.released)
    if missing > 0:
        write_entry(user, award, LedgerKind.RESTORED, missing, note=lifting.ruling_number)


def _draft_letter(user: User, sanction: Sanction, lifting: SanctionLifting) -> None:
    case, award = sanction.award.application, sanction.award
    restored = []
    if sanction.event != SanctionEvent.MISUSE:
        restored.append(_("本案補助回復，請依原核定函繼續辦理。"))
    if sanction.event != SanctionEvent.REVOKED:
        restored.append(_("原處分停止申請之部分，自始不生效力。"))
    if award.instalments.filter(status=InstalmentStatus.AWAITING_RECEIPT).exists():
        restored.append(_("尚未撥付之款項，請檢送領據辦理。"))
    cause = {SanctionEvent.MISUSE: _("經費支用不當"), SanctionEvent.NOT_EXECUTED: _("未執行")}
    lifting.letter = drafts.prepare(
        user,
        case,
        LetterKind.LIFTING,
        {"lifting": lifting.pk},
        cause=cause.get(SanctionEvent(sanction.event), _("廢止核定")),
        decision_number=_("%(day)s%(number)s") % {"day": format_roc(lifting.ruled_on), "number": lifting.ruling_number},
        lifted=_("本府%(day)s%(number)s函") % {"day": format_roc(sanction.decided_on), "number": sanction.number},
        reason=" ".join(lifting.reason.split()),
        restored=restored,
    )
    lifting.save(update_fields=["letter"])
    subject = _("處分已撤銷，請發函")
    notices.about_part(sanction, notices.officers(case), "lifted", subject, lifting.ruling_number)

"""Correcting a wrong record: asked for with a reason, confirmed by another person, then carried out together with all
that was computed from it. The row and the trail keep what stood before.

`APPLY` has a function for each field that can be corrected; it gets the locked award and the right value.
"""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import CorrectedField, RulingStatus, SettlementStatus
from grants.models import Award, RecordCorrection, Settlement
from grants.permissions import actor_for, holds
from grants.services import notices
from grants.services.locks import lock_award
from grants.workflow import record_corrections
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_first
from miaoli_kaohsiung.lib.roc_date import format_roc

from .due import set_due, wrong_completion

ASK = actions.register("record_correction.ask", _l("請求更正登記"))


def ask_completion(user: User, award: Award, *, completed_on: dt.date, reason: str) -> RecordCorrection:
    """Ask to correct the day of completion. Nothing changes before somebody else confirms it."""
    with trail.unit_of_work(actor_for(user, award.application, ASSOCIATION_OR_OFFICER)):
        row = lock_award(award)
        require(holds(user, row.application, ASSOCIATION_OR_OFFICER))
        open_one = row.corrections.filter(field=CorrectedField.COMPLETED_ON, status=RulingStatus.DRAFT).first()
        if open_one is not None:
            if open_one.asked_by_id == user.pk and open_one.after == completed_on.isoformat():
                return open_one
            raise Refused(_("已經有一件更正等待確認，請先處理那一件。"))
        _refuse_unfit(row, completed_on)
        assert row.completed_on is not None
        made = RecordCorrection.objects.create(
            award=row,
            field=CorrectedField.COMPLETED_ON,
            before=row.completed_on.isoformat(),
            after=completed_on.isoformat(),
            reason=reason,
            asked_by=user,
            asked_on=clock.today(),
        )
        values = {"before": made.before, "after": made.after, "reason": reason}
        trail.record(ASK, made, after=values, case=row.number)
        people = notices.others_than(user, notices.officers(row.application), notices.approvers(row.application))
        notices.about_part(made, people, "waits", _("有一件登記更正等您確認"), words(made))
        return made


def confirm(user: User, correction: RecordCorrection) -> RecordCorrection:
    """Carry the correction out. Done by another officer or the approver; pressed twice, the second call changes nothing."""
    return _decide(user, correction, "confirm", "")


def refuse(user: User, correction: RecordCorrection, note: str) -> RecordCorrection:
    """Refuse the correction with a reason; the record stays as it is."""
    return _decide(user, correction, "refuse", note)


def withdraw(user: User, correction: RecordCorrection) -> RecordCorrection:
    """Take back what one asked for oneself; the record stays as it is."""
    with trail.unit_of_work(actor_for(user, correction.award.application, ASSOCIATION_OR_OFFICER)):
        award = lock_award(correction.award)
        row = lock(RecordCorrection.objects.all(), pk=correction.pk)
        row.award = award
        return record_corrections.permit(row, "withdraw", user).make()


def words(row: RecordCorrection) -> str:
    """Return a sentence: from which day to which, and why."""
    days = {"before": _day(row.before), "after": _day(row.after), "reason": row.reason}
    return _("實際完成日由%(before)s更正為%(after)s。理由：%(reason)s") % days


def _decide(user: User, correction: RecordCorrection, name: str, note: str) -> RecordCorrection:
    with trail.unit_of_work(actor_for(user, correction.award.application, CASE_HANDLERS)):
        award = lock_award(correction.award)
        row = lock(RecordCorrection.objects.all(), pk=correction.pk)
        row.award = award
        if row.status == record_corrections.TABLE[name].target and row.decided_by_id == user.pk:
            return row
        permit = record_corrections.permit(row, name, user)
        if name == "confirm":
            APPLY[CorrectedField(row.field)](award, row)
        decided = {"decided_by": user, "decided_on": clock.today(), "note": note}
        permit.make(decided, before=row.before, after=row.after, note=note)
        done = _("登記已更正") if name == "confirm" else _("登記更正未獲同意")
        case = award.application
        people = notices.others_than(user, notices.members(case), notices.officers(case), [row.asked_by])
        notices.about_part(row, people, name, done, words(row) + (f"\n{note}" if note else ""))
        return row


def _apply_completion(award: Award, row: RecordCorrection) -> None:
    """Correct the day, the settlement's copy of it, its deadline, and whether what was sent came late."""
    day = dt.date.fromisoformat(row.after)
    if award.completed_on is None or award.completed_on.isoformat() != row.before:
        raise Refused(_("登記的日期在這之後又改過，請重新提出更正。"))
    _refuse_unfit(award, day)
    award.completed_on = day
    award.save(update_fields=["completed_on"])
    due = set_due(award)
    settlement = lock_first(Settlement.objects.filter(award=award))
    if settlement is None:
        return
    settlement.completed_on = day
    first = settlement.submitted_on
    settlement.late = settlement.late if first is None else first > due
    settlement.save(update_fields=["completed_on", "late"])


APPLY: dict[CorrectedField, Callable[[Award, RecordCorrection], None]] = {
    CorrectedField.COMPLETED_ON: _apply_completion,
}


def _refuse_unfit(award: Award, day: dt.date) -> None:
    if award.completed_on is None:
        raise Refused(_("還沒有登記執行完畢，沒有要更正的日期。"))
    settlement = getattr(award, "settlement", None)
    if settlement is not None and settlement.status == SettlementStatus.ACCEPTED:
        raise Refused(_("結報已准予核銷，完成日不能再更正。"))
    if wrong := wrong_completion(award, day):
        raise Refused(wrong)
    if day == award.completed_on:
        raise Refused(_("更正的日期和原來登記的相同。"))


def _day(text: str) -> str:
    return format_roc(dt.date.fromisoformat(text))

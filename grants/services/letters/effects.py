"""What begins with the issue of a letter: periods, receipts, the effect of a decision, notices.

A draft has no effect; each of these functions runs once, in the unit of work that issues its letter.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import (
    AMENDMENTS,
    APPROVALS,
    RUNNING,
    SANCTIONS,
    AmendedPart,
    AwardStatus,
    DeadlineKind,
    InstalmentCondition,
    InstalmentStatus,
    LetterKind,
    SettlementStatus,
)
from grants.letters import marks
from grants.models import Amendment, Award, Instalment, Letter, Sanction, SanctionLifting, Settlement
from grants.queries.payments import overpaid, refund_due
from grants.services import sanctions
from grants.services.applications.correction_requests import CORRECTION_BASIS
from grants.services.payments import returns
from grants.services.reminders import rows
from grants.services.reminders.rows import Subject, key_of
from grants.services.settlements.due import clause_of, set_due
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount

from . import terms

# What an approved change moves the deadline of the settlement with.
MOVING = (AmendedPart.PERIOD, AmendedPart.SETTLEMENT)


@dataclass(frozen=True)
class Word:
    """What the organisation is notified of with an issued letter. `thread` names what ends the notice, by default the
    case's next move.
    """

    kind: str
    subject: str
    body: str
    url: str
    thread: str = ""


def of(row: Letter) -> Word:
    """Carry out the effects of a letter that is being issued; return the notice to the organisation."""
    return _OF.get(LetterKind(row.kind), _nothing)(row)


def _nothing(row: Letter) -> Word:
    return Word(
        f"letter-{row.pk}", _("公文已發出，請查收"), row.subject, reverse("grants:letter_detail", args=[row.pk])
    )


def _correction(row: Letter) -> Word:
    """Begin the period of the correction."""
    asked, case = terms.request_of(row), row.case
    assert row.dispatched_on is not None
    if asked is None or asked.answered_on:
        return _nothing(row)
    due = terms.correction_due(row.dispatched_on, asked.days, case)
    asked.due_on = case.correction_due_on = max(due, asked.due_on or due)
    asked.save(update_fields=["due_on"])
    case.save(update_fields=["correction_due_on"])
    _keep_deadline(row, DeadlineKind.CORRECTION, asked, CORRECTION_BASIS, asked.due_on)
    subject = _("請在 %(due)s 前補正") % {"due": reckoned(asked.due_on, case.county)}
    body = _("補正函 %(number)s 已發出。") % {"number": row.dispatch_number} + f"\n{asked.items}"
    return Word(f"correction-{row.pk}", subject, body, reverse("grants:application_detail", args=[case.number]))


def _approval(row: Letter) -> Word:
    """Let the association send its receipt, and set the deadline of the settlement."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    assert row.dispatched_on is not None
    if award.notified_on is None:
        award.notified_on = row.dispatched_on
        award.save(update_fields=["notified_on"])
    days = terms.days_of(row, row.dispatched_on)
    sentences = [_("核定函 %(number)s 已發出。") % {"number": row.dispatch_number}]
    first = _waiting(award, InstalmentCondition.RECEIPT)
    if first is not None:
        sentences.append(_ask_receipt(row, first, days[marks.RECEIPT_DUE]))
    if award.status == AwardStatus.ACTIVE:
        due = days[marks.SETTLEMENT_DUE]
        _keep_deadline(row, DeadlineKind.SETTLEMENT, award, clause_of(award), due)
        sentences.append(_("計畫辦完後，請在 %(due)s 前結報。") % {"due": reckoned(due, award.county)})
    thread = key_of(first or award)
    return Word(
        f"approval-{row.pk}",
        _("核定函已發出，請照函辦理"),
        "".join(sentences),
        reverse("grants:award_detail", args=[award.number]),
        thread,
    )


def _waiting(award: Award, condition: InstalmentCondition) -> Instalment | None:
    return award.instalments.filter(status=InstalmentStatus.AWAITING_RECEIPT, condition=condition).first()


def _ask_receipt(row: Letter, instalment: Instalment, due: dt.date | None) -> str:
    """Begin the period of the receipt, if the law counts one; return the sentence that asks for it."""
    params = {"number": instalment.number, "amount": format_amount(instalment.amount)}
    if due is None:
        return _("請送第 %(number)d 期款 %(amount)s 元的領據。") % params
    _keep_deadline(row, DeadlineKind.RECEIPT, instalment, instalment.clause, due)
    text = _("請在 %(due)s 前送第 %(number)d 期款 %(amount)s 元的領據。")
    return text % {**params, "due": reckoned(due, row.county)}


def _settlement_correction(row: Letter) -> Word:
    """Begin the period in which the account must come back, as the letter's own words count it."""
    settlement = Settlement.objects.filter(award__application=row.application_id).first()
    assert row.dispatched_on is not None
    due = terms.fix_due(row, row.dispatched_on)
    if settlement is None or settlement.status != SettlementStatus.CORRECTION_REQUESTED or due is None:
        return _nothing(row)
    _keep_deadline(row, DeadlineKind.SETTLEMENT_FIX, settlement.award, "", due)
    subject = _("結報請在 %(due)s 前補正") % {"due": reckoned(due, row.county)}
    body = _("核銷補正函 %(number)s 已發出。") % {"number": row.dispatch_number} + f"\n{settlement.correction_note}"
    url = reverse("grants:settlement_detail", args=[settlement.number])
    return Word(f"settlement-fix-{row.pk}", subject, body, url, f"settlement:{settlement.number}")


def _settlement_accepted(row: Letter) -> Word:
    """Let the association ask for what is still paid; what must come back has a letter of its own."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    assert row.dispatched_on is not None
    Settlement.objects.filter(award=award, notified_on=None).update(notified_on=row.dispatched_on)
    last = _waiting(award, InstalmentCondition.SETTLEMENT)
    if last is None:
        return _nothing(row)
    asked = _ask_receipt(row, last, terms.days_of(row, row.dispatched_on).get(marks.RECEIPT_DUE))
    body = _("核銷備查函 %(number)s 已發出。") % {"number": row.dispatch_number} + asked
    url = reverse("grants:award_detail", args=[award.number])
    return Word(f"settlement-accepted-{row.pk}", _("請送領據，就能撥款"), body, url, key_of(last))


def _lifting(row: Letter) -> Word:
    """Let the association ask for what is paid after all."""
    lifting = SanctionLifting.objects.filter(letter=row).select_related("sanction").first()
    if lifting is not None:
        accepted = Settlement.objects.filter(award=lifting.sanction.award_id, accepted_on__isnull=False)
        accepted.filter(notified_on=None).update(notified_on=row.dispatched_on)
    return _nothing(row)


def _sanction(row: Letter) -> Word:
    """Give the decision its effect on the organisation."""
    sanction = Sanction.objects.select_related("award__application").filter(pk=row.context.get("sanction")).first()
    if sanction is None:
        return _nothing(row)
    if sanction.notified_on is None:
        sanction.notified_on = row.dispatched_on
        sanction.save(update_fields=["notified_on"])
    _start_return(row, sanction.award)
    if sanction.letter_id != row.pk:
        sanction.letter = row
        sanction.save(update_fields=["letter"])
    subject, url = str(sanction.get_event_display()), reverse("grants:award_detail", args=[sanction.award.number])
    return Word(f"sanction-{row.pk}", subject, f"{row.dispatch_number}\n{sanctions.described(sanction)}", url)


def _return(row: Letter) -> Word:
    """Begin the period in which the money must come back."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    _start_return(row, award)
    running, amount = returns.open_deadline(award), refund_due(award)
    if running is None or not amount:
        return _nothing(row)
    params = {"amount": format_amount(amount), "due": reckoned(running.due_on, row.county)}
    body = _("繳回函 %(number)s 已發出。") % {"number": row.dispatch_number} + f"\n{returns.way_of(award.application)}"
    url = reverse("grants:settlement_detail", args=[award.number]) + "#return"
    subject = _("請在 %(due)s 前繳回 %(amount)s 元") % params
    return Word(f"return-{row.pk}", subject, body, url, f"return:{award.number}")


def _overpaid(row: Letter) -> Word:
    """Begin the period in which money that left twice must come back."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    assert row.dispatched_on is not None
    amount = overpaid(award)
    if not amount:
        return _nothing(row)
    due = terms.days_of(row, row.dispatched_on)[marks.RETURN_DUE]
    _keep_deadline(row, DeadlineKind.OVERPAID, award, "", due)
    params = {"amount": format_amount(amount), "due": reckoned(due, row.county)}
    body = (
        _("溢付退還函 %(number)s 已發出。") % {"number": row.dispatch_number} + f"\n{returns.way_of(award.application)}"
    )
    url = reverse("grants:award_detail", args=[award.number]) + "#overpaid"
    subject = _("縣府多撥了款，請在 %(due)s 前退還 %(amount)s 元") % params
    return Word(f"overpaid-{row.pk}", subject, body, url, f"overpaid:{award.number}")


def _start_return(row: Letter, award: Award) -> None:
    """Begin the period in which the money must come back, unless it runs already."""
    if refund_due(award) == 0 or returns.open_deadline(award) is not None:
        return
    assert row.dispatched_on is not None
    wanted = returns.deadline_for(award, row.dispatched_on)
    due = terms.days_of(row, row.dispatched_on)[marks.RETURN_DUE]
    _keep_deadline(row, DeadlineKind.RETURN, award, wanted.clause, due)


def _amendment(row: Letter) -> Word:
    """Let the decision on a change take effect: deadlines move, money waits no more, what must come back has its day."""
    amendment = Amendment.objects.filter(pk=row.context.get("amendment")).first()
    if amendment is None:
        return _nothing(row)
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    if amendment.notified_on is None:
        amendment.notified_on = row.dispatched_on
    amendment.letter = row
    amendment.save(update_fields=["notified_on", "letter"])
    if award.awaits_letter:
        award.awaits_letter = False
        award.save(update_fields=["awaits_letter"])
    body = _("%(number)s：%(status)s。") % {
        "number": row.dispatch_number,
        "status": amendment.get_status_display(),
    }
    if award.status in RUNNING and amendment.items.filter(approved=True, part__in=MOVING).exists():
        body += _("結報期限改為 %(due)s。") % {"due": reckoned(set_due(award), award.county)}
    _start_return(row, award)
    url = reverse("grants:amendment", args=[amendment.pk])
    return Word(f"amendment-{row.pk}", _("計畫變更已函復"), body, url)


_OF = {
    **dict.fromkeys(AMENDMENTS, _amendment),
    LetterKind.CORRECTION: _correction,
    **dict.fromkeys(APPROVALS, _approval),
    **dict.fromkeys(SANCTIONS, _sanction),
    LetterKind.LIFTING: _lifting,
    LetterKind.SETTLEMENT_CORRECTION: _settlement_correction,
    LetterKind.SETTLEMENT_ACCEPTED: _settlement_accepted,
    LetterKind.RETURN: _return,
    LetterKind.OVERPAID: _overpaid,
}


def _keep_deadline(row: Letter, kind: DeadlineKind, subject: Subject, clause: str, due_on: dt.date) -> None:
    assert row.dispatched_on is not None
    rows.keep(kind, subject, clause=clause, due_on=due_on, opened_on=row.dispatched_on)

"""Correcting entries of the ledger (沖銷): one person asks for one with a reason, another confirms it.

No entry is edited. What was wrong is taken back by an entry of the same kind with the opposite amount; what moved on
another day or under another number is entered anew. The instalment goes back to the step from which it goes on: to the
receipt if the bank could not credit the account, to the approval, or to the payment. Locks: award, instalment.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Optional

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.enums import (
    CORRECTIONS,
    ENDED_OR_HALTED,
    AwardStatus,
    DeadlineKind,
    EntryCorrection,
    FeeBearer,
    InstalmentStatus,
    LedgerKind,
)
from grants.models import Award, Deadline, Instalment, LedgerEntry
from grants.permissions import helped_with, holds
from grants.queries.payments import first_paid_on, movements, outcome_of, overpaid, refund_due, unpaid
from grants.rules.ruleset import NoValue
from grants.services import notices
from grants.services.letters.terms import receipt_due
from grants.services.locks import lock_award
from grants.services.treasury import vouchers
from grants.workflow import awards, payments
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS, each
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

from .instalments import ACCOUNT, close_if_done, write_entry
from .overpaid import ask_by_letter

PARTICULARS = actions.register("instalment.particulars", _l("更正撥付日期或憑單號碼"))
PROPOSERS = each(Role.FINANCE_OFFICER)
# The step of the instalment that follows, and what is cleared of it.
MOVES = {
    EntryCorrection.BOUNCED: "bounce",
    EntryCorrection.PAY_AGAIN: "pay_again",
    EntryCorrection.MISTAKEN: "not_paid",
}
UNPAID: dict[str, Any] = {
    "paid_by": None, "paid_on": None, "voucher_number": "", "voucher_reason": "", "fee": 0, "fee_bearer": FeeBearer.COUNTY,
}  # fmt: skip
UNAPPROVED = UNPAID | {"approved_by": None, "approved_on": None}
CLEARED = {
    "bounce": UNAPPROVED | {"requested_by": None, "requested_on": None, **dict.fromkeys(ACCOUNT, "")},
    "pay_again": UNAPPROVED,
    "not_paid": UNPAID,
    "end_unpaid": UNPAID,
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with an entry. `on` and `voucher_number` are those of the bank's return, or the right ones; neither
    is asked for an entry that was made by mistake.
    """

    why: str
    reason: str
    on: dt.date | None = None
    voucher_number: str = ""
    scan: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


def ask(user: User, entry: LedgerEntry, found: Finding) -> Change:
    """Ask for a correcting entry. Nothing changes before somebody else confirms it. Raises Refused."""
    case = entry.award.application
    require(holds(user, case, PROPOSERS))
    require(helped_with(user, case))
    day, number = found.on or entry.on, vouchers.in_one_way(found.voucher_number)
    _refuse_unfit(entry, EntryCorrection(found.why), day, number)
    data = {
        "entry": entry.pk,
        "why": found.why,
        "on": day.isoformat(),
        "voucher_number": number or entry.note,
    }
    params = {"kind": entry.get_kind_display(), "amount": format_amount(entry.amount), "number": case.number}
    proposal = services.Proposal(
        county=case.county,
        subject=f"{case.number}:{entry.pk}",
        title=_("更正%(kind)s %(amount)s 元：%(number)s") % params,
        data=data,
        before={"entry": entry.pk, "why": "", "on": entry.on.isoformat(), "voucher_number": entry.note},
        reason=found.reason,
        scan=found.scan,
    )
    return services.propose(user, KIND, proposal)


def may_correct(entry: LedgerEntry) -> bool:
    """Return whether something can be wrong with the entry that two people correct here."""
    return entry.kind in CORRECTIONS and entry.amount > 0 and not hasattr(entry, "corrected_by")


def _refuse_unfit(entry: LedgerEntry, why: EntryCorrection, day: dt.date, voucher_number: str) -> None:
    if not may_correct(entry) or why not in CORRECTIONS[entry.kind]:
        raise Refused(_("這一筆已經更正過，或不能這樣更正。"))
    if day > clock.today():
        raise Refused(_("日期不能晚於今天。"))
    if why == EntryCorrection.PARTICULARS and (day, voucher_number) == (entry.on, entry.note):
        raise Refused(_("更正的日期和號碼與原來登記的相同。"))
    if why == EntryCorrection.PARTICULARS and (first := _first_day(entry)) and day < first:
        raise Refused(_("正確的日期不能早於%(day)s。") % {"day": format_roc(first)})
    if why in (EntryCorrection.BOUNCED, EntryCorrection.PAY_AGAIN) and day < entry.on:
        raise Refused(_("退匯日期不能早於撥付日期。"))
    money = movements(entry.award)
    if entry.kind == LedgerKind.PAID and why != EntryCorrection.PARTICULARS and money.paid - entry.amount < money.back:
        raise Refused(_("這一案已經登記繳回，請先更正繳回，再更正撥付。"))


def _first_day(entry: LedgerEntry) -> dt.date | None:
    """Return the first day on which the entry's money can have moved: approved before it was paid, paid before it came
    back.
    """
    if entry.kind in (LedgerKind.PAID, LedgerKind.OVERPAID):
        return entry.instalment.approved_on if entry.instalment else None
    return first_paid_on(entry.award)


def _apply(change: Change, by: Actor) -> None:
    """Make the correcting entry and let the award go on from there, in the transaction that confirms it."""
    user, data = by.user, change.data
    assert user is not None
    entry = LedgerEntry.objects.select_related("award__application", "instalment").get(pk=data["entry"])
    award = lock_award(entry.award)
    require(holds(user, award.application, MONEY_KEEPERS))
    require(helped_with(user, award.application))
    entry.award = award
    why, day = EntryCorrection(data["why"]), dt.date.fromisoformat(data["on"])
    _refuse_unfit(entry, why, day, data["voucher_number"])
    if why == EntryCorrection.PARTICULARS:
        write_entry(
            user, award, LedgerKind(entry.kind), -entry.amount, note=entry.note, on=entry.on, corrects=(entry, why)
        )
        write_entry(
            user,
            award,
            LedgerKind(entry.kind),
            entry.amount,
            instalment=entry.instalment,
            note=data["voucher_number"],
            on=day,
        )
        _renew_particulars(entry, day, data["voucher_number"])
        return
    # A mistake is taken back on its own day, so that no year has what never was.
    on = entry.on if why == EntryCorrection.MISTAKEN else day
    write_entry(
        user, award, LedgerKind(entry.kind), -entry.amount, note=data["voucher_number"], on=on, corrects=(entry, why)
    )
    if entry.instalment is not None and entry.kind == LedgerKind.PAID:
        _go_back(user, award, entry.instalment, why, change.reason)
    elif entry.kind in (LedgerKind.OVERPAID, LedgerKind.REGAINED):
        _count_overpaid(user, award)
    else:
        _owe_again(user, award, entry)


def _renew_particulars(entry: LedgerEntry, day: dt.date, voucher_number: str) -> None:
    """Give a paid instalment the right day and number, and tell those who read the wrong ones."""
    award, params = (
        entry.award,
        {"day": format_roc(day), "voucher": voucher_number, "amount": format_amount(entry.amount)},
    )
    if entry.kind == LedgerKind.PAID:
        row = lock(Instalment.objects.all(), pk=entry.instalment_id)
        row.award = award
        before = trail.snapshot(row, "paid_on", "voucher_number")
        row.paid_on, row.voucher_number = day, voucher_number
        row.save(update_fields=["paid_on", "voucher_number"])
        after = trail.snapshot(row, "paid_on", "voucher_number")
        trail.record(PARTICULARS, row, before=before, after=after, case=award.number)
    text = _("%(amount)s 元的日期和憑單更正為 %(day)s、%(voucher)s。金額沒有變。") % params
    _notify(award, "particulars", _("款項登記已更正"), text)


def _go_back(user: User, award: Award, part: Instalment, why: EntryCorrection, reason: str) -> None:
    row = lock(Instalment.objects.all(), pk=part.pk)
    row.award = award
    name, amount = _next(award, row, why)
    payments.move(row, name, None, CLEARED[name] | {"amount": amount}, amount=amount, reason=reason)
    if award.status == AwardStatus.CLOSED:
        awards.move(award, "open_again", None)
    if row.status == InstalmentStatus.AWAITING_RECEIPT:
        _ask_receipt_again(row)
    _release_surplus(user, award)
    _end_returns(award)
    params = {"n": row.number, "amount": format_amount(row.amount), "why": why.label}
    text = _("第 %(n)d 期款的撥付已更正（%(why)s）。") % params
    if row.status == InstalmentStatus.AWAITING_RECEIPT:
        text += _("請先確認登記的帳戶可以入帳，再印一份 %(amount)s 元的新領據送出。") % params
    elif row.status != InstalmentStatus.CANCELLED:
        text += _("縣府會再辦理撥付，撥款時會通知。")
    case = award.application
    people = [*notices.members(case), *notices.officers(case), *notices.finance(case)]
    notices.about_part(row, notices.others_than(user, people), name, _("撥付的款項沒有入帳"), text)
    close_if_done(award)


def _next(award: Award, row: Instalment, why: EntryCorrection) -> tuple[str, int]:
    """Return the instalment's next move and its amount: never more than an accepted account still leaves to pay, for
    which the association signs a new receipt.
    """
    if award.status in ENDED_OR_HALTED:
        return "end_unpaid", row.amount
    outcome = outcome_of(award, movements(award))
    if outcome is not None:
        others = unpaid(award).aggregate(sum=Sum("amount"))["sum"] or 0
        left = outcome.payable - others
        if left <= 0:
            return "end_unpaid", row.amount
        if left < row.amount:
            return "bounce", left
    return MOVES[why], row.amount


def _ask_receipt_again(row: Instalment) -> None:
    """Let the time for the receipt run again from today, as a letter would set it."""
    case, today = row.award.application, clock.today()
    try:
        due = receipt_due(today, ruleset_for(case.scheme, today), case)
    except NoValue:
        return
    laid = Deadline.objects.filter(instalment=row, kind=DeadlineKind.RECEIPT)
    laid.update(due_on=due, opened_on=today, done_on=None)


def _release_surplus(user: User, award: Award) -> None:
    """Give back to the year what an ended or halted award held only because it was paid."""
    if award.status not in ENDED_OR_HALTED:
        return
    money = movements(award)
    outcome = outcome_of(award, money)
    borne = outcome.accepted if outcome else money.held
    surplus = money.committed - money.released - borne
    if surplus > 0:
        write_entry(user, award, LedgerKind.RELEASED, surplus, note=_("撥付更正"))


def _end_returns(award: Award) -> None:
    if refund_due(award) == 0:
        _returns(award).filter(done_on__isnull=True).update(done_on=clock.today())


def _owe_again(user: User, award: Award, entry: LedgerEntry) -> None:
    """Let what was recorded as returned by mistake be due again."""
    if award.status == AwardStatus.CLOSED:
        awards.move(award, "open_again", None)
    if due := refund_due(award):
        _returns(award).update(done_on=None)
    params = {"amount": format_amount(entry.amount), "due": format_amount(due)}
    text = _("原來登記的繳回 %(amount)s 元是誤登，已經更正；還要繳回 %(due)s 元。") % params
    _notify(award, "not_returned", _("繳回登記已更正"), text)


def _count_overpaid(user: User, award: Award) -> None:
    """Open or close the award by what is left of money that left twice, and ask for as much."""
    left = overpaid(award)
    ask_by_letter(user, award)
    if left and award.status == AwardStatus.CLOSED:
        awards.move(award, "open_again", None)
    text = _("重複撥付的登記已更正，現在待收回 %(left)s 元。") % {"left": format_amount(left)}
    _notify(award, "overpaid_again", _("款項登記已更正"), text)
    close_if_done(award)


def _returns(award: Award) -> Any:
    return Deadline.objects.filter(award=award, kind=DeadlineKind.RETURN)


def _notify(award: Award, kind: str, subject: str, text: str) -> None:
    case = award.application
    people = [*notices.members(case), *notices.officers(case), *notices.finance(case)]
    url = reverse("grants:settlement_detail" if kind == "not_returned" else "grants:award_detail", args=[award.number])
    notices.about_award(award, people, f"payment.{kind}", f"return:{award.number}", subject, text, url)


def _rows(change: Change) -> list[Row]:
    entry = LedgerEntry.objects.select_related("award", "instalment__award").get(pk=change.data["entry"])
    why = EntryCorrection(change.data["why"])
    amount, part = format_amount(entry.amount), entry.instalment
    stays = why == EntryCorrection.PARTICULARS
    return [
        Row(_("案號"), entry.award.number, entry.award.number),
        *([Row(_("期別"), str(part.number), str(part.number))] if part else []),
        Row(_("更正原因"), "", str(why.label)),
        Row(entry.get_kind_display(), amount, amount if stays else "0"),
        Row(_("日期"), _day(change.before["on"]), _day(change.data["on"])),
        Row(_("憑單號碼"), change.before["voucher_number"], change.data["voucher_number"]),
        *_used_before(change, entry),
    ]


def _used_before(change: Change, entry: LedgerEntry) -> list[Row]:
    """Return a row that says which other payments have the right number, if any has: both people read it."""
    number = change.data["voucher_number"]
    if entry.kind != LedgerKind.PAID or entry.instalment is None or number == entry.note:
        return []
    used = vouchers.repeated(entry.instalment, number)
    return [Row(_("請再看一次"), "", used)] if used else []


def _day(text: str) -> str:
    return format_roc(dt.date.fromisoformat(text))


KIND = register(
    Kind(
        name="ledger.correction",
        label=_l("更正撥付或繳回"),
        proposers=PROPOSERS,
        confirmers=MONEY_KEEPERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:award_ledger", args=[change.subject.partition(":")[0]]),
    )
)

"""Paying an instalment: receipt in, approved, paid. Each step is somebody else's, and each may be pressed twice.

The award is locked before its instalment. Repeating one's own step returns its result.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.enums import AwardStatus, DeadlineKind, EntryCorrection, InstalmentStatus, LedgerKind
from grants.models import Award, Deadline, Instalment, LedgerEntry
from grants.permissions import actor_for, post_for
from grants.queries.payments import overpaid, refund_due, unpaid
from grants.services import notices
from grants.services.applications import confirmations
from grants.services.locks import lock_award
from grants.services.treasury import places, vouchers
from grants.workflow import awards, payments
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, CASE_HANDLERS, COUNTY_STAFF, Who
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount

for _kind in LedgerKind:
    actions.register(f"ledger.{_kind}", _kind.label)


ACCOUNT = ("bank_code", "bank_account", "bank_account_name")


def request_payment(
    user: User,
    instalment: Instalment,
    *,
    receipt_number: str,
    receipt: "Upload | None" = None,
    passbook: "Upload | None" = None,
) -> Instalment:
    """Take in the 領據: uploaded by the association, or recorded without an upload by the officer who holds the paper.

    The instalment keeps the account printed on it. `receipt` and `passbook` are uploads or what CheckedFileField made
    of them. Raises Refused, ValidationError for a refused file.
    """
    with _locked(user, instalment, ASSOCIATION_OR_OFFICER) as row:
        asked = row.status == InstalmentStatus.REQUESTED and row.requested_by_id == user.pk
        if asked and row.receipt_number == receipt_number:
            return row
        permit = payments.permit(row, "request", user)
        if not post_for(user, row.award.application, Role.CASE_OFFICER):
            if receipt is None:
                raise Refused(_("請上傳蓋好圖記的領據。"))
            if passbook is None and row.bounced:
                raise Refused(_("這一期曾經退匯，請附存摺封面影本，讓縣府核對帳戶。"))
        received = {
            "receipt": _stored(receipt, "funds_receipt"),
            "passbook": _stored(passbook, "passbook") or row.passbook,
            "receipt_number": receipt_number,
            "requested_by": user,
            "requested_on": clock.today(),
            **dict(zip(ACCOUNT, row.registered_account, strict=True)),
        }
        permit.make(received, receipt_number=receipt_number, amount=row.amount)
        _receipt_deadlines(row).filter(done_on__isnull=True).update(done_on=clock.today())
        notices.about_part(
            row, notices.officers(row.award.application), "requested", _("領據已送到，請核付"), _sum(row)
        )
        confirmations.receipt_in(row)
        return row


def return_receipt(user: User, instalment: Instalment, *, reason: str) -> Instalment:
    """Send the receipt back with the reason; its deadline runs again. The file of the returned receipt stays stored."""
    with _locked(user, instalment, CASE_HANDLERS) as row:
        cleared = {"requested_by": None, "requested_on": None, **dict.fromkeys(ACCOUNT, "")}
        payments.move(row, "return_receipt", user, cleared, reason=reason, receipt_number=row.receipt_number)
        _receipt_deadlines(row).update(done_on=None)
        notices.about_part(
            row, notices.members(row.award.application), "returned", _("領據退回，請更正後再送"), _sum(row, reason)
        )
        return row


def approve_payment(user: User, instalment: Instalment) -> Instalment:
    """Approve the receipt, so that finance may pay. Not by the person who recorded it."""
    with _locked(user, instalment, CASE_HANDLERS) as row:
        if row.status == InstalmentStatus.APPROVED and row.approved_by_id == user.pk:
            return row
        approved = {"approved_by": user, "approved_on": clock.today()}
        payments.move(row, "approve", user, approved, amount=row.amount, **_frozen(row))
        notices.about_part(row, notices.finance(row.award.application), "approved", _("已核付，請撥款"), _sum(row))
        return row


def withdraw_approval(user: User, instalment: Instalment, *, reason: str) -> Instalment:
    """Withdraw the approval (退回核付) before the money is paid; receipt and account are checked again."""
    with _locked(user, instalment, COUNTY_STAFF) as row:
        cleared = {"approved_by": None, "approved_on": None}
        payments.move(row, "withdraw_approval", user, cleared, reason=reason, approved_by=row.approved_by_id)
        places.leave_draft(row, reason)
        case = row.award.application
        people = notices.others_than(user, notices.officers(case), notices.finance(case))
        subject = _("核付已退回，請重新核對")
        notices.about_part(row, people, "approval_withdrawn", subject, _sum(row, reason))
        return row


def pay(
    user: User, instalment: Instalment, *, voucher_number: str, paid_on: dt.date | None = None, **noted: Any
) -> Instalment:
    """Record one payment. `paid_on` is the treasury's day, today if it is not given; `noted` are the other fields of
    `vouchers.Payment`.
    """
    number = vouchers.in_one_way(voucher_number)
    return record(user, instalment, vouchers.Payment(number, paid_on or clock.today(), **noted))


def record(user: User, instalment: Instalment, payment: vouchers.Payment) -> Instalment:
    """Record that the money was paid, once: the ledger's constraint refuses a second payment in any case.

    Done by a finance officer who neither approved the payment nor checked the settlement. Closes the award when nothing
    is left to pay or to come back.
    """
    with _locked(user, instalment, Role.FINANCE_OFFICER) as row:
        paid = row.status == InstalmentStatus.PAID and row.paid_by_id == user.pk
        if paid and row.voucher_number == payment.voucher_number:
            return row
        permit = payments.permit(row, "pay", user)
        vouchers.check(row, payment)
        permit.make({"paid_by": user, **asdict(payment)}, amount=row.amount, **payment.in_trail)
        write_entry(
            user,
            row.award,
            LedgerKind.PAID,
            row.amount,
            instalment=row,
            note=payment.voucher_number,
            on=payment.paid_on,
        )
        places.note_paid(row)
        _receipt_deadlines(row).filter(done_on__isnull=True).update(done_on=clock.today())
        confirmations.paid(row)
        close_if_done(row.award)
        return row


def write_entry(
    user: User,
    award: Award,
    kind: LedgerKind,
    amount: int,
    *,
    instalment: Instalment | None = None,
    note: str = "",
    on: dt.date | None = None,
    corrects: tuple[LedgerEntry, EntryCorrection] | None = None,
) -> LedgerEntry:
    """Record one movement of money, by default of today, and its entry in the trail, inside the caller's unit of work.

    `corrects` names the entry that this one takes back, and why.
    """
    day, (earlier, why) = on or clock.today(), corrects or (None, "")
    entry = LedgerEntry.objects.create(
        envelope_id=award.envelope_id,
        award=award,
        instalment=earlier.instalment if earlier else instalment,
        kind=kind,
        amount=amount,
        on=day,
        at=clock.now(),
        by=user,
        note=note,
        corrects=earlier,
        correction=why,
    )
    after = {"amount": amount, "note": note, "on": day} | ({"corrects": earlier.pk, "why": why} if earlier else {})
    trail.record(f"ledger.{kind}", entry, after=after, case=award.number)
    return entry


def close_if_done(award: Award) -> None:
    """Close a settled award when everything is paid, and all money due and all that left twice has come back."""
    settlement = getattr(award, "settlement", None)
    settled = award.status == AwardStatus.COMPLETED and settlement is not None and settlement.accepted_on is not None
    if settled and not unpaid(award).exists() and refund_due(award) == 0 and overpaid(award) == 0:
        awards.move(award, "close", None)


@contextmanager
def _locked(user: User, instalment: Instalment, who: Who) -> Iterator[Instalment]:
    with trail.unit_of_work(actor_for(user, instalment.award.application, who)):
        award = lock_award(instalment.award)
        row = lock(Instalment.objects.all(), pk=instalment.pk)
        row.award = award
        yield row


def _stored(upload: "Upload | None", purpose: str) -> StoredFile | None:
    return store(upload, actor=trail.current_actor(), purpose=purpose) if upload else None


def _frozen(row: Instalment) -> dict[str, str]:
    """Return what is approved besides the amount, for the trail; the account by its last digits."""
    account = row.kept_account
    receipt = row.receipt.sha256 if row.receipt else ""
    return {
        "receipt_number": row.receipt_number,
        "receipt": receipt,
        "account": f"{account.code} …{account.number[-5:]}" if account else "",
        "account_name": account.name,
    }


def _receipt_deadlines(row: Instalment) -> QuerySet[Deadline]:
    return Deadline.objects.filter(instalment=row, kind=DeadlineKind.RECEIPT)


def _sum(row: Instalment, reason: str = "") -> str:
    params = {"number": row.number, "amount": format_amount(row.amount)}
    body = _("第 %(number)d 期款 %(amount)s 元。") % params
    return f"{body}\n{reason}".strip()

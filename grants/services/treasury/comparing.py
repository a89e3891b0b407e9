"""What each row of the treasury's file means: which payment it is, and what recording it would do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.enums import InstalmentStatus
from grants.enums import PaymentRowOutcome as Outcome
from grants.models import Instalment, PaymentImportRow
from grants.workflow.payments import TABLE
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, money, roc_date
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import vouchers
from .vouchers import Payment

LONGEST_NUMBER = 40


@dataclass(frozen=True)
class Found:
    """The outcome of a row, in words, and what it would record (None if nothing)."""

    outcome: Outcome
    sentence: str = ""
    instalment: Instalment | None = None
    payment: Payment | None = None


def key_of(row: PaymentImportRow) -> tuple[str, int]:
    """Return the number of the case and of the instalment; 0 if the row names none."""
    return row.texts.get("case", ""), whole_number(row.texts.get("part", "")) or 0


def compare(
    user: User,
    rows: Sequence[PaymentImportRow],
    known: dict[tuple[str, int], Instalment],
    fee_bearer: str,
) -> list[Found]:
    """Return what would become of each row; `known` are the instalments of the cases that the file names."""
    earlier: dict[int, int] = {}
    numbers: dict[str, int] = {}
    found = []
    for row in rows:
        one = _compared(user, row, known, fee_bearer)
        if one.instalment is not None and one.outcome in (Outcome.MATCHED, Outcome.ASKED):
            one = _once(one, row, earlier, numbers)
        found.append(one)
    return found


def _once(one: Found, row: PaymentImportRow, earlier: dict[int, int], numbers: dict[str, int]) -> Found:
    """Refuse a second row about the same payment, and ask about a second one with the same voucher number."""
    assert one.instalment is not None
    assert one.payment is not None
    if first := earlier.setdefault(one.instalment.pk, row.number):
        if first != row.number:
            return Found(Outcome.REFUSED, _("和第 %(row)d 列是同一筆。") % {"row": first}, one.instalment)
    first = numbers.setdefault(one.payment.voucher_number, row.number)
    if first != row.number:
        sentence = _("和第 %(row)d 列用同一個憑單號碼。") % {"row": first}
        return Found(Outcome.ASKED, sentence, one.instalment, one.payment)
    return one


def _compared(user: User, row: PaymentImportRow, known: dict[tuple[str, int], Instalment], fee_bearer: str) -> Found:
    instalment = known.get(key_of(row)) or _only_one(row, known)
    if instalment is None:
        case, part = key_of(row)
        params = {"case": case or _("（沒有案號）"), "part": part or _("？")}
        return Found(Outcome.UNKNOWN, _("本縣沒有 %(case)s 第 %(part)s 期這一筆款。") % params)
    texts = row.texts
    if not vouchers.in_one_way(texts.get("voucher", "")) and not texts.get("day"):
        return Found(Outcome.EMPTY, _("沒有填憑單號碼和付款日期。"), instalment)
    try:
        payment = _payment(texts, fee_bearer)
    except ValueError as wrong:
        return Found(Outcome.REFUSED, str(wrong), instalment)
    if instalment.status == InstalmentStatus.PAID:
        return Found(Outcome.PAID, _already(instalment, payment), instalment)
    return _checked(user, instalment, payment, texts.get("amount", ""))


def _only_one(row: PaymentImportRow, known: dict[tuple[str, int], Instalment]) -> Instalment | None:
    """Return the case's instalment if the row names none and there is only one."""
    case, part = key_of(row)
    own = [instalment for (number, _part), instalment in known.items() if number == case]
    return own[0] if len(own) == 1 and not part else None


def _payment(texts: dict[str, str], fee_bearer: str) -> Payment:
    """Read number, day and fee. Raises ValueError with a sentence; a day that cannot be read is left to `_checked`."""
    number = vouchers.in_one_way(texts.get("voucher", ""))
    if not number:
        raise ValueError(_("沒有填付款憑單號碼。"))
    if len(number) > LONGEST_NUMBER:
        raise ValueError(_("憑單號碼太長，最多 %(most)d 個字。") % {"most": LONGEST_NUMBER})
    if not texts.get("day"):
        raise ValueError(_("沒有填付款日期。"))
    fee = money.parse_amount(texts["fee"]) if texts.get("fee") else 0
    return Payment(number, _day(texts["day"]) or dt.date.max, fee=fee, fee_bearer=fee_bearer)


def _day(text: str) -> dt.date | None:
    try:
        return roc_date.parse_date(text, today=clock.today())
    except ValueError:
        return None


def _already(instalment: Instalment, payment: Payment) -> str:
    assert instalment.paid_on is not None
    same = (instalment.voucher_number, instalment.paid_on) == (payment.voucher_number, payment.paid_on)
    params = {"day": format_roc(instalment.paid_on), "voucher": instalment.voucher_number}
    if same:
        return _("%(day)s已登記，%(voucher)s；不會再登記。") % params
    return _("系統登記的是%(day)s、%(voucher)s，和檔案不同；不會改。登錯了請在這一案辦理更正。") % params


def _checked(user: User, instalment: Instalment, payment: Payment, amount: str) -> Found:
    if instalment.status != InstalmentStatus.APPROVED:
        reason = TABLE.answer(instalment, "pay", user).reason
        return Found(Outcome.REFUSED, reason, instalment)
    try:
        written = money.parse_amount(amount)
    except ValueError as wrong:
        return Found(Outcome.DIFFERS, str(wrong), instalment)
    if written != instalment.amount:
        params = {"approved": format_amount(instalment.amount), "written": format_amount(written)}
        sentence = _("核付 %(approved)s 元，檔案是 %(written)s 元。") % params
        return Found(Outcome.DIFFERS, sentence, instalment)
    if payment.paid_on == dt.date.max:
        return Found(Outcome.DATED, _("讀不出付款日期，請寫成 99/6/1。"), instalment)
    if wrong_day := vouchers.wrong_day(instalment, payment.paid_on):
        return Found(Outcome.DATED, wrong_day, instalment)
    if reason := TABLE.answer(instalment, "pay", user).reason or vouchers.wrong_fee(instalment, payment.fee):
        return Found(Outcome.REFUSED, reason, instalment)
    if used := vouchers.repeated(instalment, payment.voucher_number):
        return Found(Outcome.ASKED, used, instalment, payment)
    return Found(Outcome.MATCHED, "", instalment, payment)

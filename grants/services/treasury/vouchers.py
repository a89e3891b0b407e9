"""What the treasury says of a payment: voucher number, day, fee; and what is asked before it is recorded."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.enums import FeeBearer
from grants.models import Instalment
from grants.queries.treasury import vouchers_used
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.text import half_width

from .places import lock_treasury

_HYPHENS = re.compile("[‐‑‒–—―−]")
# A letter, a character or a digit other than 0.
_SAYS_SOMETHING = re.compile(r"[^\W0_]")


@dataclass(frozen=True)
class Payment:
    """What is kept of a payment; the names are those of the columns of the instalment."""

    voucher_number: str
    paid_on: dt.date
    voucher_reason: str = ""
    fee: int = 0
    fee_bearer: str = FeeBearer.COUNTY

    @property
    def in_trail(self) -> dict[str, object]:
        noted = {"voucher_number": self.voucher_number, "paid_on": self.paid_on, "reason": self.voucher_reason}
        return noted | ({"fee": self.fee, "fee_bearer": self.fee_bearer} if self.fee else {})


def in_one_way(number: str) -> str:
    """Return the number as it is kept and compared: half-width, capitals, one kind of hyphen, without blanks; "" for what
    is none (-, 0).
    """
    kept = _HYPHENS.sub("-", "".join(half_width(number).split())).upper()
    return kept if _SAYS_SOMETHING.search(kept) else ""


def wrong_day(instalment: Instalment, day: dt.date) -> str:
    """Return why the instalment cannot have been paid on the day, "" if it can."""
    if day > clock.today():
        return _("付款日期%(day)s還沒有到。") % {"day": format_roc(day)}
    if instalment.approved_on and day < instalment.approved_on:
        return _("付款日期不可以早於核付日期%(day)s。") % {"day": format_roc(instalment.approved_on)}
    return ""


def wrong_fee(instalment: Instalment, fee: int) -> str:
    return _("匯費比撥付的金額還多，請檢查。") if fee > instalment.amount else ""


def repeated(instalment: Instalment, number: str) -> str:
    """Return which other payments of the county have this voucher number, "" if none has."""
    others = vouchers_used(instalment.award.county, in_one_way(number), besides=instalment)
    named = [
        _("%(case)s 第 %(n)d 期 %(amount)s 元")
        % {
            "case": entry.award.number,
            "n": entry.instalment.number if entry.instalment else 1,
            "amount": format_amount(entry.amount),
        }
        for entry in others[:3]
    ]
    return _("同一個憑單號碼已經用在：%(others)s。") % {"others": "、".join(named)} if named else ""


def check(instalment: Instalment, payment: Payment) -> None:
    """Raise Refused for a day or a fee that cannot be, and for a number used before without a reason. While this runs, no
    other payment of the county takes a number.
    """
    lock_treasury(instalment.award.county)
    if not payment.voucher_number:
        raise Refused(_("請填付款憑單號碼。"))
    if wrong := wrong_day(instalment, payment.paid_on) or wrong_fee(instalment, payment.fee):
        raise Refused(wrong)
    if not payment.voucher_reason and (used := repeated(instalment, payment.voucher_number)):
        raise Refused(_("%(used)s如果是同一張憑單付多筆，請寫原因。") % {"used": used})

"""The left square code of a Taiwanese e-invoice (電子發票證明聯), by the specification of the Ministry of Finance.

Its first 77 characters are fixed: number 10, ROC day 7, random code 4, sales amount 8 (hexadecimal), total 8
(hexadecimal), buyer's 統一編號 8 (zeros: a person), seller's 8, and 24 that only the ministry can check. What was bought
follows. The code is printed by the seller and can be forged: what it says is shown to a person, never taken unseen.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .roc_date import ad_year

_NOBODY = "00000000"
_LEFT = re.compile(
    r"(?P<number>[A-Z]{2}[0-9]{8})(?P<year>[0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9]{4}"
    r"[0-9A-Fa-f]{8}(?P<total>[0-9A-Fa-f]{8})(?P<buyer>[0-9]{8})(?P<seller>[0-9]{8}).{24}"
)


@dataclass(frozen=True)
class InvoiceCode:
    """What the code says; `total` in whole NT dollars, `buyer_tax_id` "" for a person."""

    number: str
    issued_on: dt.date
    total: int
    buyer_tax_id: str
    seller_tax_id: str


def read(text: str) -> InvoiceCode | None:
    """Return what the text of a left code says; None for any other text, the right code too."""
    found = _LEFT.match(text)
    if found is None:
        return None
    try:
        day = dt.date(ad_year(int(found["year"])), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    buyer = "" if found["buyer"] == _NOBODY else found["buyer"]
    return InvoiceCode(found["number"], day, int(found["total"], 16), buyer, found["seller"])


def first_of(texts: Iterable[str]) -> InvoiceCode | None:
    """Return the first left code among the texts of a photo."""
    return next(filter(None, map(read, texts)), None)

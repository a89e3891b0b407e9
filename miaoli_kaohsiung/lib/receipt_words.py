"""What the printed words of a receipt seem to say: the day, the sum, the seller's 統一編號. A guess, shown to a person."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .identifiers import has_check_digit
from .roc_date import ad_year

_SUM = re.compile(r"(?:總計|合計|總額|應收|實收|金額)\D{0,6}([0-9][0-9,]*)")
_DAY = re.compile(r"(?<!\d)(\d{2,4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")
_TAX_ID = re.compile(r"(?<!\d)(\d{8})(?!\d)")
# Years of three digits or less are those of the Republic.
_AD = 1911


@dataclass(frozen=True)
class Guess:
    """What was found, each alone or nothing."""

    issued_on: dt.date | None = None
    amount: int | None = None
    payee_tax_id: str = ""


def guess(lines: Sequence[str], own_tax_id: str, today: dt.date) -> Guess:
    """Return what the lines seem to say. The buyer's own number is not the seller's; a day to come is none."""
    text = "\n".join(line.replace(" ", "") for line in lines)
    day = next((day for day in _days(text) if day <= today), None)
    sums = [int(found.replace(",", "")) for found in _SUM.findall(text)]
    ids = [found for found in _TAX_ID.findall(text) if has_check_digit(found) and found != own_tax_id]
    return Guess(day, max(sums, default=0) or None, ids[0] if ids else "")


def _days(text: str) -> Iterator[dt.date]:
    for year, month, day in _DAY.findall(text):
        try:
            yield dt.date(int(year) if int(year) > _AD else ad_year(int(year)), int(month), int(day))
        except ValueError:
            continue

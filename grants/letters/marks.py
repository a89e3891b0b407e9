"""Marks in a draft's text that stand for days counted from the dispatch date, filled in when the letter is issued.

An officer may move a mark or leave it out; a day that is typed instead is looked at before the letter goes out.
"""

import datetime as dt
import re
from collections.abc import Mapping

from miaoli_kaohsiung.lib.roc_date import format_roc

CORRECTION_DUE = "【補正期限】"
RECEIPT_DUE = "【領據期限】"
SETTLEMENT_DUE = "【結報期限】"
RETURN_DUE = "【繳回期限】"
MARKS = (CORRECTION_DUE, RECEIPT_DUE, SETTLEMENT_DUE, RETURN_DUE)
# 「99年6月11日前」 asks for something by that day; 「前函」, 「前次」 and 「前述」 speak of the past.
_BY_DAY = re.compile(r"(\d{2,3})年(\d{1,2})月(\d{1,2})日以?前(?![函次述案])")


def filled(text: str, days: Mapping[str, dt.date]) -> str:
    """The text with each mark that has a day replaced by it, as 99年6月11日."""
    for mark, day in days.items():
        text = text.replace(mark, format_roc(day))
    return text


def left_over(text: str) -> list[str]:
    """Marks that nothing fills in."""
    return [mark for mark in MARKS if mark in text]


def days_asked_for(text: str) -> list[tuple[str, dt.date]]:
    """(words, day) of each 「…日前」 in the text; what is no day of the calendar is left out."""
    found = []
    for match in _BY_DAY.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        try:
            found.append((match[0], dt.date(year + 1911, month, day)))
        except ValueError:
            continue
    return found

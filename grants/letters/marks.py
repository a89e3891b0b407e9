"""Marks in a draft's text that stand for days counted from the dispatch date, filled in when the letter is issued.

An officer may move or remove a mark; a day typed instead is checked before the letter is issued.
"""

import datetime as dt
import re
from collections.abc import Mapping

from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.roc_date import ad_year

CORRECTION_DUE = "【補正期限】"
RECEIPT_DUE = "【領據期限】"
SETTLEMENT_DUE = "【結報期限】"
RETURN_DUE = "【繳回期限】"
MARKS = (CORRECTION_DUE, RECEIPT_DUE, SETTLEMENT_DUE, RETURN_DUE)
# So many days after the letter has arrived: 【文到10日】. It may stand in any letter.
AFTER_ARRIVAL = re.compile(r"【文到([1-9]\d{0,2})日】")
# 「99年6月11日前」 asks for something by that day; 「前函」, 「前次」 and 「前述」 refer to the past.
_DAY = re.compile(r"(\d{2,3})年(\d{1,2})月(\d{1,2})日")
_BY_DAY = re.compile(r"(\d{2,3})年(\d{1,2})月(\d{1,2})日以?前(?![函次述案])")


def filled(text: str, days: Mapping[str, dt.date], county: str) -> str:
    """Return the text with each mark that has a day replaced by it, as 99年6月11日; a day in a year whose calendar nobody
    has entered says so.
    """
    for mark, day in days.items():
        text = text.replace(mark, reckoned(day, county))
    return text


def after_arrival(text: str) -> dict[str, int]:
    """Return the marks 【文到○日】 of the text with their days."""
    return {found[0]: int(found[1]) for found in AFTER_ARRIVAL.finditer(text)}


def left_over(text: str) -> list[str]:
    """Return the marks that nothing fills in."""
    return [mark for mark in (*MARKS, *after_arrival(text)) if mark in text]


def days_asked_for(text: str) -> list[tuple[str, dt.date]]:
    """Return (words, day) of each 「…日前」 in the text, except for days that are not in the calendar."""
    return _days(_BY_DAY, text)


def days_named(text: str) -> list[tuple[str, dt.date]]:
    """Return (words, day) of each day in the text, except for days that are not in the calendar."""
    return _days(_DAY, text)


def _days(pattern: re.Pattern[str], text: str) -> list[tuple[str, dt.date]]:
    found = []
    for match in pattern.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        try:
            found.append((match[0], dt.date(ad_year(year), month, day)))
        except ValueError:
            continue
    return found

"""Dates of the Republic of China calendar (ROC year = AD year - 1911; months and days are Gregorian)."""

import calendar
import datetime as dt
import re

from miaoli_kaohsiung.lib.text import half_width

FIRST_AD_YEAR = 1912
_EXAMPLE = "請填年、月、日，例如 99/6/1（民國99年6月1日）。"

_WRITTEN = re.compile(r"(?P<era>中華民國|民國)?(?P<y>[0-9]{1,4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日?")
_SEPARATED = re.compile(
    r"(?P<era>中華民國|民國)?(?P<y>[0-9]{1,4})(?P<sep>[/.\-])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})日?"
)
# 990601 and 0990601 are ROC, 20100601 is AD: the number of digits tells.
_COMPACT = re.compile(r"(?P<era>中華民國|民國)?(?P<y>[0-9]{2,4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")


def roc_year(day: dt.date) -> int:
    """The ROC year of a date; ValueError before 1912 (there is no year 0)."""
    if day.year < FIRST_AD_YEAR:
        raise ValueError("民國元年（西元1912年）以前的日期無法以民國紀年表示。")
    return day.year - 1911


def format_roc(day: dt.date) -> str:
    """99年6月1日"""
    return f"{roc_year(day)}年{day.month}月{day.day}日"


def format_roc_long(day: dt.date) -> str:
    """中華民國99年6月1日"""
    return f"中華民國{format_roc(day)}"


def format_slashed(day: dt.date) -> str:
    """99/6/1, as it is typed into a form."""
    return f"{roc_year(day)}/{day.month}/{day.day}"


def parse_date(text: str) -> dt.date:
    """Read a date as typed: 99/6/1, 099.06.01, 990601, 0990601, 99年6月1日, 中華民國99年6月1日, 2010-06-01, full-width.

    A year of four digits is AD, a shorter one ROC. Raises ValueError with a sentence for the person who typed.
    """
    typed = re.sub(r"\s+", "", half_width(text))
    if not typed:
        raise ValueError(_EXAMPLE)
    if "民國前" in typed or "民前" in typed:
        raise ValueError("日期須在民國1年以後。")
    match = _WRITTEN.fullmatch(typed) or _SEPARATED.fullmatch(typed) or _COMPACT.fullmatch(typed)
    if match is None or (match["era"] and len(match["y"]) == 4):
        raise ValueError(f"看不懂這個日期。{_EXAMPLE}")
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    return _day(year if len(match["y"]) == 4 else year + 1911, month, day)


def _day(year: int, month: int, day: int) -> dt.date:
    if year < FIRST_AD_YEAR:
        raise ValueError("年份須從民國1年起，沒有民國0年。")
    if not 1 <= month <= 12:
        raise ValueError(f"月份須為1到12，不能是{month}。")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"民國{year - 1911}年{month}月只有1日到{last}日，沒有{day}日。")
    return dt.date(year, month, day)

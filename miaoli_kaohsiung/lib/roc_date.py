"""Dates of the Republic of China calendar (ROC year = AD year - 1911; months and days are Gregorian)."""

import calendar
import datetime as dt
import re

from miaoli_kaohsiung.lib.text import half_width

FIRST_AD_YEAR = 1912
_YEARS_BETWEEN = 1911
_EXAMPLE = "請填年、月、日，例如 99/6/1（民國99年6月1日）。"

_WRITTEN = re.compile(r"(?P<era>中華民國|民國)?(?P<y>[0-9]{1,4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日號]?")
_SEPARATED = re.compile(
    r"(?P<era>中華民國|民國)?(?P<y>[0-9]{1,4})(?P<sep>[/.\-])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})日?"
)
# 990601 and 0990601 are ROC, 20100601 is AD: the number of digits decides.
_MONTH_DAY = re.compile(r"(?P<m>0?[1-9]|1[0-2])[/.\-月](?P<d>[0-9]{1,2})[日號]?")
_AD = re.compile(r"^西元(?=[0-9]{4}(?:[/.\-年]|[0-9]{4}$))")
_COMPACT = re.compile(r"(?P<era>中華民國|民國)?(?P<y>[0-9]{2,4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")


class UnclearDateError(ValueError):
    """More than one date, or one that lacks its year. The sentence asks for the dates of `candidates`, likeliest first."""

    def __init__(self, candidates: list[dt.date]) -> None:
        names = "、".join(f"{format_roc(day)}" for day in candidates)
        asked = f"是{names}嗎？" if len(candidates) == 1 else f"是{names}的哪一天？"
        super().__init__(f"{asked}請連年份填清楚，年月日中間用斜線隔開，例如 99/6/1。")
        self.candidates = candidates


def roc_year(year: int) -> int:
    """Return the ROC year of a year; ValueError before 1912 (there is no year 0)."""
    if year < FIRST_AD_YEAR:
        raise ValueError("民國元年（西元1912年）以前的日期無法以民國紀年表示。")
    return year - _YEARS_BETWEEN


def ad_year(year: int) -> int:
    """Return the year of a ROC year."""
    return year + _YEARS_BETWEEN


def format_roc(day: dt.date) -> str:
    """Return 99年6月1日."""
    return f"{roc_year(day.year)}年{day.month}月{day.day}日"


def format_roc_long(day: dt.date) -> str:
    """Return 中華民國99年6月1日."""
    return f"中華民國{format_roc(day)}"


def format_month(month: str) -> str:
    """Return 99年5月 for "2010-05"."""
    return f"{roc_year(int(month[:4]))}年{int(month[5:])}月"


def format_slashed(day: dt.date) -> str:
    """Return 99/6/1, as it is typed into a form."""
    return f"{roc_year(day.year)}/{day.month}/{day.day}"


def parse_date(text: str, *, today: dt.date | None = None) -> dt.date:
    """Read a date as typed: 99/6/1, 099.06.01, 990601, 0990601, 99年6月1日, 中華民國99年6月1日, 99年6月1號,
    2010-06-01, 西元2010年6月1日, full-width.

    A year of four digits is AD, a shorter one ROC; a dot at the end does no harm. Raises ValueError with a sentence for
    the person who typed: UnclearDateError if it can be read in two ways (100101), or, with `today`, if only the year of
    today is missing (7/1). Nothing is guessed.
    """
    typed = re.sub(r"\s+", "", half_width(text)).rstrip(".。")
    typed = _AD.sub("", typed)
    if not typed:
        raise ValueError(_EXAMPLE)
    if "民國前" in typed or "民前" in typed:
        raise ValueError("日期須在民國1年以後。")
    if today and (short := _MONTH_DAY.fullmatch(typed)):
        raise UnclearDateError([_day(today.year, int(short["m"]), int(short["d"]))])
    match = _WRITTEN.fullmatch(typed) or _SEPARATED.fullmatch(typed) or _COMPACT.fullmatch(typed)
    if match is None or (match["era"] and len(match["y"]) == 4):
        raise ValueError(f"看不懂這個日期。{_EXAMPLE}")
    if len(readings := _readings(typed)) > 1:
        raise UnclearDateError(readings)
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    return _day(year if len(match["y"]) == 4 else ad_year(year), month, day)


def _readings(typed: str) -> list[dt.date]:
    """Return the dates that six digits may mean: 100101 is 100年10月1日, 100年1月1日 or 10年1月1日. One for all other texts."""
    if not re.fullmatch(r"1[0-9]{5}", typed):
        return []
    parts = [(typed[:3], typed[3:5], typed[5:]), (typed[:3], typed[3:4], typed[4:]), (typed[:2], typed[2:4], typed[4:])]
    return [day for year, month, rest in parts if (day := _valid(int(year), int(month), int(rest)))]


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return _day(ad_year(year), month, day)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> dt.date:
    if year < FIRST_AD_YEAR:
        raise ValueError("年份須從民國1年起，沒有民國0年。")
    if not 1 <= month <= 12:
        raise ValueError(f"月份須為1到12，不能是{month}。")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"民國{roc_year(year)}年{month}月只有1日到{last}日，沒有{day}日。")
    return dt.date(year, month, day)

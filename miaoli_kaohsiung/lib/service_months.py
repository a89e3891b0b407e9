"""Service months as people type them: 99/7, 99年7月至12月, 7~12月, 99年7、8、10月, 99.7-12, 7月 8月 9月."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib.roc_date import ad_year, roc_year
from miaoli_kaohsiung.lib.text import half_width

MOST = 24
_YEAR = r"(?:([0-9]{2,4})[年/.\-])?"
_ONE = re.compile(rf"{_YEAR}([0-9]{{1,2}})月?份?")
_SPAN = re.compile(rf"{_YEAR}([0-9]{{1,2}})月?份?(?:至|到|~|-|–|—|－)+{_YEAR}([0-9]{{1,2}})月?份?")
_EARLIEST = 80
Period = tuple[dt.date | None, dt.date | None]


class Unreadable(ValueError):
    """The months cannot be read; the message says so to the person who typed."""


def parse(text: str, period: Period = (None, None), today: dt.date | None = None) -> tuple[str, ...]:
    """Return the months typed, in order, as "2010-07". If no year is typed, it is that of the project or of `today`.

    Raises Unreadable.
    """
    # A blank between two months divides them; other blanks, and 起 and 止, say nothing.
    typed = re.sub(r"(?<=[0-9月份])\s+(?=[0-9])", "、", half_width(text))
    typed = (
        re.sub(r"\s|中華民國|民國|(?<=[月份])[起止]", "", typed)
        .replace("年度", "年")
        .translate(str.maketrans("，；;及和与與,", "、、、、、、、、"))
    )
    typed = typed.replace("～", "~").replace("〜", "~").replace("－", "-")
    found: set[int] = set()
    year: int | None = None
    for part in filter(None, typed.split("、")):
        months, year = _part(part, year, period, today)
        found.update(months)
    if len(found) > MOST:
        raise Unreadable(_("服務月份最多 %(most)d 個月，請分成兩列。") % {"most": MOST})
    return tuple(_iso(month) for month in sorted(found))


def words(months: tuple[str, ...] | list[str]) -> str:
    """Return 99年7月至12月, 99年7、8、10月, 99年11月至100年2月: as `parse` reads it back."""
    runs: list[list[int]] = []
    for month in sorted(_count(month) for month in months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    parts, year = [], None
    for run in runs:
        pieces = [run] if len(run) > 2 else [[month] for month in run]
        for piece in pieces:
            parts.append(_piece(piece, year))
            year = piece[-1] // 12
    return "、".join(parts)


def _piece(piece: list[int], year: int | None) -> str:
    first, last = piece[0], piece[-1]
    head = f"{_month(first, year)}"
    return head if first == last else f"{head}至{_month(last, first // 12)}"


def _month(month: int, year: int | None) -> str:
    here, number = divmod(month, 12)
    return f"{number + 1}月" if here == year else f"{roc_year(here)}年{number + 1}月"


def _part(part: str, year: int | None, period: Period, today: dt.date | None) -> tuple[range, int]:
    """Return the months of one part, counted from year 0, and the year in which the next part goes on."""
    one = _ONE.fullmatch(part)
    if one and (one[1] is None or _is_year(one[1])):
        month = _at(_year_of(one[1]) or year, int(one[2]), period, today)
        return range(month, month + 1), month // 12
    span = _SPAN.fullmatch(part)
    if not span or not all(digits is None or _is_year(digits) for digits in (span[1], span[3])):
        raise Unreadable(_("看不懂這個月份，請填年和月，例如 99/7 或 99年7月至12月。"))
    first = _at(_year_of(span[1]) or year, int(span[2]), period, today)
    last = _at(_year_of(span[3]) or first // 12, int(span[4]), period, today)
    if last < first and span[3] is None:
        # 11月至2月 goes on into the next year.
        last += 12
    if last < first or last - first >= MOST:
        raise Unreadable(_("服務月份的起訖不對，請檢查，例如 99年7月至12月。"))
    return range(first, last + 1), last // 12


def _at(year: int | None, month: int, period: Period, today: dt.date | None) -> int:
    if not 1 <= month <= 12:
        raise Unreadable(_("月份須為 1 到 12，不能是 %(month)d。") % {"month": month})
    if year is None:
        year = _year_in(month, period, today)
    return year * 12 + month - 1


def _year_in(month: int, period: Period, today: dt.date | None) -> int:
    """Return the only year of the project that has this month; without dates the present year."""
    starts, ends = period
    if starts is None or ends is None:
        if today is None:
            raise Unreadable(_("請寫年和月，例如 99/7 或 99年7月至12月。"))
        return today.year
    years = [
        year
        for year in range(starts.year, ends.year + 1)
        if (starts.year, starts.month) <= (year, month) <= (ends.year, ends.month)
    ]
    if len(years) > 1:
        raise Unreadable(_("計畫跨了兩年，請寫是哪一年的月份，例如 99年7月至12月。"))
    return years[0] if years else starts.year


def _is_year(digits: str) -> bool:
    """Return whether the digits are a year: 10-12 are months, not December of year 10; a year of four digits is AD."""
    return (1912 if len(digits) == 4 else _EARLIEST) <= int(digits) <= (2100 if len(digits) == 4 else 189)


def _year_of(digits: str | None) -> int | None:
    if digits is None:
        return None
    return int(digits) if len(digits) == 4 else ad_year(int(digits))


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _iso(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"

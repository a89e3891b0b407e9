"""Reads the table 「政府行政機關辦公日曆表」: a row for each day of the year, 0 for a workday and 2 for a day off."""

import datetime as dt
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from miaoli_kaohsiung.files.sheets import Limits
from miaoli_kaohsiung.lib.office_calendar import Day
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year
from miaoli_kaohsiung.lib.text import half_width

LIMITS = Limits(rows=400, columns=12, text=True)
COLUMNS = ("西元日期", "星期", "是否放假", "備註")
_WORKS = {"0": True, "否": True, "2": False, "是": False}
_WEEKDAYS = "一二三四五六日"
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")
# How many sentences are shown; the rest is of the same kind.
SHOWN = 8
LONGEST = 60

Rows = list[list[str]]
Found = tuple[dict[dt.date, Day], list[str]]


def read(rows: Rows, year: int) -> Found:
    """Return the days that depart from the ordinary week or have a name, and what is wrong with the table, row by row."""
    head, places = _head(rows)
    if not places:
        return {}, [_("找不到欄位名稱。第一列要有：%(names)s。") % {"names": "、".join(COLUMNS[:3])}]
    days: dict[dt.date, Day] = {}
    problems: list[str] = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if any(cells.values()):
            problem = _take(cells, year, days)
            problems += [_("第 %(row)d 列：%(what)s") % {"row": number, "what": problem}] if problem else []
    problems = problems or _gaps(days, year)
    if len(problems) > SHOWN:
        left = len(problems) - SHOWN
        problems = [*problems[:SHOWN], _("還有 %(count)d 列也有問題。") % {"count": left}]
    return {day: known for day, known in days.items() if known.name or _departs(day, known)}, problems


def _head(rows: Rows) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, among the first few, and the place of each column."""
    for number, row in enumerate(rows[:5]):
        places = {name: row.index(name) for name in COLUMNS if name in row}
        if all(name in places for name in COLUMNS[:3]):
            return number, places
    return 0, {}


def _take(cells: dict[str, str], year: int, days: dict[dt.date, Day]) -> str:
    """Keep the day of a row; returns what is wrong with it, or ""."""
    day = _day(half_width(cells["西元日期"]))
    if day is None:
        return _("看不懂日期「%(text)s」，要像 20280101。") % {"text": cells["西元日期"]}
    if day.year != year:
        return _("%(day)s不是 %(year)d年的日期。") % {"day": format_roc(day), "year": roc_year(year)}
    if day in days:
        return _("%(day)s重複了。") % {"day": format_roc(day)}
    if cells["星期"] and cells["星期"].removeprefix("星期").removeprefix("週") != _WEEKDAYS[day.weekday()]:
        params = {"day": format_roc(day), "right": _WEEKDAYS[day.weekday()], "text": cells["星期"]}
        return _("%(day)s是星期%(right)s，不是「%(text)s」。") % params
    works = _WORKS.get(half_width(cells["是否放假"]))
    if works is None:
        return _("是否放假要填 0（上班）或 2（放假），不是「%(text)s」。") % {"text": cells["是否放假"]}
    days[day] = Day(works, cells.get("備註", "")[:LONGEST])
    return ""


def _day(text: str) -> dt.date | None:
    match = _DAY.fullmatch(text)
    try:
        return dt.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _gaps(days: Iterable[dt.date], year: int) -> list[str]:
    known = set(days)
    first = dt.date(year, 1, 1)
    lost = [day for n in range(366) if (day := first + dt.timedelta(days=n)).year == year and day not in known]
    if not lost:
        return []
    params = {"count": len(lost), "first": format_roc(lost[0])}
    return [_("少了 %(count)d 天，第一個是 %(first)s。一整年每天都要有一列。") % params]


def _departs(day: dt.date, known: Day) -> bool:
    return known.works != (day.weekday() < 5)

"""A year of a county as twelve months, for the page."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communities.queries import township_name
from miaoli_kaohsiung.lib.office_calendar import Calendar, Day

from . import book

_WEEKS = calendar.Calendar(firstweekday=calendar.SUNDAY)


@dataclass(frozen=True)
class Cell:
    """A day: `look` is its class in calendar.css, `mark` why it stands out (假, 補, 停), `words` the same for the ear."""

    day: dt.date
    look: str = ""
    mark: str = ""
    words: str = ""


@dataclass(frozen=True)
class Month:
    """A month of cells by weeks, Sunday first; days of other months are None. `named` lists what has a name."""

    number: int
    weeks: list[list[Cell | None]]
    named: list[tuple[dt.date, str]]


def months_of(county: str, year: int) -> list[Month]:
    now = book.read()
    days = now.without_closures().of(county)
    closed = {row.on: _place(row) for row in now.closed if row.county == county and row.on.year == year}
    return [_month(days, closed, year, number) for number in range(1, 13)]


def _month(days: Calendar, closed: dict[dt.date, str], year: int, number: int) -> Month:
    weeks: list[list[Cell | None]] = [
        [_cell(days, closed, day) if day.month == number else None for day in week]
        for week in _WEEKS.monthdatescalendar(year, number)
    ]
    shown = [cell.day for week in weeks for cell in week if cell]
    named = [(day, _name(days.days.get(day), closed.get(day))) for day in shown]
    return Month(number, weeks, [(day, name) for day, name in named if name])


def _cell(days: Calendar, closed: dict[dt.date, str], day: dt.date) -> Cell:
    works, weekend = days.is_workday(day), day.weekday() >= calendar.SATURDAY
    if day in closed:
        return Cell(day, "closed", _("停"), _("停止上班"))
    if works:
        return Cell(day, "make-up", _("補"), _("補班")) if weekend else Cell(day)
    return Cell(day, "off", "" if weekend else _("假"), _("放假"))


def _name(known: Day | None, closed: str | None) -> str:
    names = [known.name if known else "", _("停止上班（%(where)s）") % {"where": closed} if closed else ""]
    return "、".join(name for name in names if name)


def _place(row: book.Closed) -> str:
    names = [township_name(code, row.on) for code in sorted(row.townships)]
    return "、".join(names) if names else _("全縣")

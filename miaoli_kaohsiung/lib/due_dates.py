"""A due date in words: how far it is, and whether anybody knows its year's days off."""

import datetime as dt

from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib.office_calendar import is_guessed
from miaoli_kaohsiung.lib.roc_date import format_roc


def days_left(due_on: dt.date, today: dt.date) -> str:
    """Return "還有 3 天", "今天到期" or "已逾 2 天"."""
    days = (due_on - today).days
    if days == 0:
        return _("今天到期")
    return _("還有 %d 天") % days if days > 0 else _("已逾 %d 天") % -days


def due_in_words(due_on: dt.date, today: dt.date) -> str:
    """Return "99年6月4日（還有 3 天）"."""
    return f"{format_roc(due_on)}（{days_left(due_on, today)}）"


def basis(due_on: dt.date, county: str = "") -> str:
    """Return what must be said of a day that was counted in a year without a calendar; "" for any other day."""
    if not is_guessed(due_on, county):
        return ""
    return _("依週六、週日推算，該年行事曆尚未登錄")


def reckoned(due_on: dt.date, county: str = "") -> str:
    """Return "99年6月4日"; in a year without a calendar with that in brackets."""
    said = basis(due_on, county)
    return f"{format_roc(due_on)}（{said}）" if said else format_roc(due_on)


def days_left_reckoned(due_on: dt.date, today: dt.date, county: str = "") -> str:
    """Return as `days_left`; in a year without a calendar followed by that."""
    return "，".join(part for part in (days_left(due_on, today), basis(due_on, county)) if part)

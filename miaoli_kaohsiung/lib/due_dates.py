"""How far a due date is, in words."""

import datetime as dt

from django.utils.translation import gettext as _

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

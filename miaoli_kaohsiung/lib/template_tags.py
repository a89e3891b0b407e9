"""Filters for templates (`{% load portal %}`): money, ROC dates and days left as the office writes them."""

import datetime as dt
from decimal import Decimal
from itertools import count

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from miaoli_kaohsiung.lib import clock, due_dates, glossary, money, roc_date
from miaoli_kaohsiung.lib.fields import format_quantity

register = template.Library()


# Each explanation on a page has an id of its own.
_numbers = count(1)


@register.simple_tag
def term(word: str) -> SafeString:
    """Return the word with its explanation on touch (lib.glossary): `{% term "核銷" %}`. For headings, captions and
    labels of lists, not within links, buttons or labels of fields. Works without scripts.
    """
    key = f"term-{next(_numbers)}"
    return format_html(
        '<button type="button" class="term" popovertarget="{}">{}</button>'
        '<span class="term-words" popover id="{}"><b>{}</b>{}</span>',
        key,
        word,
        key,
        word,
        glossary.explain(word),
    )


@register.filter
def amount(value: int | None) -> str:
    """Return 12345 as "12,345"; "" for None. The unit stands in the template."""
    return "" if value is None else money.format_amount(value)


@register.filter
def points(value: Decimal | None) -> str:
    """Return 82.50 as "82.5"; "" for None."""
    return "" if value is None else format_quantity(value)


@register.filter
def roc(value: dt.date | dt.datetime | None) -> str:
    """Return a date or an instant as "99年6月1日"; "" for None."""
    return "" if value is None else roc_date.format_roc(_local_day(value))


@register.filter
def roc_year(year: int) -> int:
    """Return 99 for 2010."""
    return roc_date.roc_year(year)


@register.filter
def roc_long(value: dt.date | dt.datetime | None) -> str:
    """Return as `roc`, with the era: "中華民國99年6月1日"."""
    return "" if value is None else roc_date.format_roc_long(_local_day(value))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return an instant in Taipei: "99年6月1日 14:02"."""
    return "" if value is None else f"{roc(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def days_left(day: dt.date | None) -> str:
    """Return how far a due date is from the portal's today, in words: "還有 3 天", "今天到期", "已逾 2 天". A day in a year
    without a calendar says that it was counted by weekends alone.
    """
    return "" if day is None else due_dates.days_left_reckoned(day, clock.today())


@register.filter
def reckoned(day: dt.date | None) -> str:
    """Return a computed due date: "99年6月4日"; in a year without a calendar with that in brackets."""
    return "" if day is None else due_dates.reckoned(day)


@register.filter
def overdue(day: dt.date | None) -> bool:
    """Return whether a due date lies before the portal's today."""
    return day is not None and day < clock.today()


def _local_day(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value

"""Days and small numbers as the law counts and writes them."""

import datetime as dt

_NUMERALS = "零一二三四五六七八九十"


def anniversary(day: dt.date, years: int) -> dt.date:
    """Return the same day `years` years on (or back); 29 February becomes 28 February in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_on(day: dt.date, months: int) -> dt.date:
    """Return the corresponding day some months on. If the month has no such day: its last day, plus one day to keep
    whole months whole.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:
        # A month that lacks the day is never December.
        return dt.date(year, month + 2, 1)


def spelled(number: int) -> str:
    """Return a small number as the law writes it: 三."""
    return _NUMERALS[number] if number < len(_NUMERALS) else f" {number} "

"""The order in which people count: 88-099-9999 stands before 88-099-10000, and 99-999 before 99-1000.

Numbers of cases, batches and things are texts; as texts 10000 would stand before 9999.
"""

import re

from django.db.models import F, Func, TextField, Value

# Each run of digits is compared at this length; a longer one only by its end.
DIGITS = 12
_RUN = re.compile(r"[0-9]+")


def key(number: str) -> str:
    """Return the text by which a number is compared: its runs of digits with zeros before them."""
    return _RUN.sub(lambda run: run[0].zfill(DIGITS)[-DIGITS:], number)


def in_order(field: str) -> Func:
    """Return the same key of a column, for `.order_by()`."""
    padded = _replaced(F(field), "([0-9]+)", "0" * DIGITS + r"\1")
    return _replaced(padded, f"[0-9]*([0-9]{{{DIGITS}}})", r"\1")


def _replaced(text: F | Func, pattern: str, by: str) -> Func:
    return Func(text, Value(pattern), Value(by), Value("g"), function="regexp_replace", output_field=TextField())

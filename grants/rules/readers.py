"""Readers of facts: each takes (key, value) and returns the fact or raises FactError. A null is a blank and never
reaches them; `record` combines readers of keys into a reader of a dictionary.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from grants.rules.findings import Exact

# (key, value as it was read) → the fact.
Reader = Callable[[str, Any], Any]
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


class FactError(ValueError):
    """A fact that cannot be used; `case` and `key` say which."""

    def __init__(self, key: str, reason: str, case: str = "") -> None:
        super().__init__(f"case {case}: {key}: {reason}" if case else f"{key}: {reason}")
        self.key, self.reason, self.case = key, reason, case


def quantity(value: Any) -> Exact | None:
    """Return an exact number: int if it is whole, else Fraction; None stays None. Raises ValueError for anything else."""
    if value is None or (type(value) is int):
        return value
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    try:
        exact = Fraction(Decimal(str(value))) if not isinstance(value, Fraction) else value
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError("a number is needed") from error
    return exact.numerator if exact.denominator == 1 else exact


def text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise FactError(key, "text is needed")
    return value


def identifier(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise FactError(key, "text is needed")
    return str(value)


def whole(key: str, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise FactError(key, "a whole number of 0 or more is needed")
    return value


def number(key: str, value: Any) -> Exact:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise FactError(key, "a number is needed")
    try:
        exact = quantity(value)
    except ValueError as error:
        raise FactError(key, "a number is needed") from error
    if exact is None or exact < 0:
        raise FactError(key, "a number of 0 or more is needed")
    return exact


def flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise FactError(key, "true or false is needed")
    return value


def read_date(key: str, value: Any) -> dt.date:
    if type(value) is dt.date:
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FactError(key, "a date such as 2010-03-15 is needed") from error


def month(key: str, value: Any) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise FactError(key, "a month such as 2010-03 is needed")
    return value


def one_of(*choices: str) -> Reader:
    def read(key: str, value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise FactError(key, f"unknown value {value!r}")
        return value

    return read


def list_of(read: Reader) -> Reader:
    def reader(key: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise FactError(key, "a list is needed")
        return tuple(read(f"{key}[{place}]", part) for place, part in enumerate(value))

    return reader


def record(make: Callable[..., Any], **readers: Reader) -> Reader:
    """Return a reader of a dictionary: unknown keys are refused, nulls are blanks, missing keys take the default."""

    def read(key: str, value: Any) -> Any:
        if not isinstance(value, dict):
            raise FactError(key, "an object is needed")
        values = {}
        for name, part in value.items():
            if name not in readers:
                raise FactError(f"{key}.{name}", "unknown key")
            if part is not None:
                values[name] = readers[name](f"{key}.{name}", part)
        try:
            return make(**values)
        except TypeError as error:
            lacking = ", ".join(re.findall(r"'(\w+)'", str(error)))
            raise FactError(key, f"a key is missing: {lacking}") from error

    return read

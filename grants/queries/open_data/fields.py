"""What a dataset is: its columns with their meaning, its rows as plain values, how many there are and how new."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CHUNK = 1000


@dataclass(frozen=True)
class Field:
    """A column: `key` in JSON, `label` in spreadsheets, `about` its meaning and unit."""

    key: str
    label: Any
    about: Any


@dataclass(frozen=True)
class Dataset:
    """A dataset: `rows` returns plain values in the order of the fields; `newest` the day of the newest row, `count`
    their number.
    """

    slug: str
    title: Any
    about: Any
    fields: tuple[Field, ...]
    rows: Callable[[], Iterator[list[Any]]]
    count: Callable[[], int]
    newest: Callable[[], dt.date | None]


def fields(*rows: tuple[str, Any, Any]) -> tuple[Field, ...]:
    return tuple(Field(*row) for row in rows)


def headers(dataset: Dataset) -> list[str]:
    return [str(field.label) for field in dataset.fields]


def plain(value: Any) -> Any:
    """Return a cell as text, number or nothing: dates in ISO 8601, translated words as text."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)

"""What a rule of the disposal lists is made of."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from grants.rules.days import anniversary
from miaoli_kaohsiung.privacy import register

Columns = Mapping[str, tuple[str, ...]]
GONE = "（已刪除）"


@dataclass(frozen=True)
class Rule:
    """`due` returns the records that are over on a day and of which something is left, `county` and `title` say whose list
    and which record, `empty` empties one. `columns` says what it empties, by model.
    """

    term: str
    model: type[Model]
    columns: Columns
    due: Callable[[dt.date], QuerySet[Any]]
    county: Callable[[Any], str]
    title: Callable[[Any], str]
    empty: Callable[[Any], None]


def before(day: dt.date, term: str) -> dt.date:
    """Return the last day on which something may have ended whose term is over on `day`."""
    return anniversary(day, -register.terms()[term].number)


def last_year(day: dt.date, term: str) -> int:
    """Return the newest year of which the whole years of the term are over on `day`."""
    return day.year - register.terms()[term].number - 1


def blank(*names: str, value: Any = "") -> Callable[[Model], None]:
    def empty(row: Model) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**dict.fromkeys(names, value))

    return empty


def some(*names: str) -> Q:
    found = Q()
    for name in names:
        found |= ~Q(**{name: ""})
    return found


def of_body(row: Any) -> str:
    county: str = row.organisation.county
    return county


def numbered(row: Model) -> str:
    """Name a record by its kind and number: its own words would say whose it is."""
    return f"{row._meta.verbose_name} {row.pk}"


def with_body(row: Any) -> str:
    return f"{numbered(row)}　{row.organisation}"


def of_case(case: Any) -> str:
    number: str = case.number
    return number or numbered(case)

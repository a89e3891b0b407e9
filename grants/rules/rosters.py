"""How the people of a 印領清冊 are reckoned: what is counted under an item, and what a row comes to."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grants.rules import catalogue
from grants.rules.names import folded
from miaoli_kaohsiung.lib.money import MAX_AMOUNT, floor_div
from miaoli_kaohsiung.lib.roc_date import format_month

# What a row counts, by the quantity that the item's clause refers to, in the order in which they are looked for.
_DAYS, MONTHS = "日數", "月數"
_COUNTED = (
    ("hours_per_day", _DAYS), ("hours", _DAYS), ("days", _DAYS), ("trips", "趟次"), ("sessions", "次數"),
    ("characters", "字數"), ("months", MONTHS),
)  # fmt: skip
_BY_HOUR = ("hours_per_day", "hours")
# Answers of the budget that hold for everybody whom the line pays.
_OF_THE_LINE = ("in_house", "children", "plain_member", "resident_author")


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a roster: what is counted, whether hours a day are asked, for how many of them one rate is paid."""

    counted: str
    by_hour: bool
    per: int
    rate: str


@dataclass(frozen=True, slots=True)
class PaidPerson:
    """A row as typed: who, in which month ("2010-05"), how many days (trips, times), hours a day, and the rate."""

    name: str
    month: str
    count: Decimal
    rate: int
    hours: Decimal | None = None
    national_id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells people apart: the number if there is one, else the name as names are compared."""
        return (self.national_id, "") if self.national_id else ("", folded(self.name))


def takes_roster(item: str) -> bool:
    """Return whether people sign for money under this item: pay, fares, and where the law names a roster."""
    found = catalogue.items()[item]
    answers = {"roster", "self_cooked"} & {answer for answer, _words in (found.proof.choices if found.proof else ())}
    return found.pay or found.group in ("pay", "travel") or bool(answers)


def shape_of(item: str) -> Shape:
    found = catalogue.items()[item]
    needed = found.needed.split()
    counted = next((word for key, word in _COUNTED if key in needed), "次數")
    by_hour = any(key in needed for key in _BY_HOUR)
    if counted == "字數":
        return Shape(counted, by_hour, found.cost_per, f"每{found.cost_per}字（元）")
    return Shape(counted, by_hour, 1, "每小時（元）" if by_hour else f"每{counted[0]}（元）")


def pay_of(item: str, row: PaidPerson) -> int:
    """Return what the row comes to, in whole NT dollars, rounded down."""
    shape = shape_of(item)
    exact = Fraction(row.count) * Fraction(row.hours if shape.by_hour and row.hours else 1) * row.rate / shape.per
    return floor_div(exact.numerator, exact.denominator)


def impossible(item: str, row: PaidPerson) -> tuple[str, str]:
    """Return what of a row cannot be, whatever the law says, as (its cell, the sentence); ("", "") if it can be."""
    year, month = map(int, row.month.split("-"))
    days = calendar.monthrange(year, month)[1]
    if shape_of(item).counted == _DAYS and row.count > days:
        return "count", f"{format_month(row.month)}只有 {days} 天。"
    pay = pay_of(item, row)
    if pay > MAX_AMOUNT:
        return "rate", "算出來的應領金額太大，請檢查是否多打了數字。"
    return ("", "") if pay else ("rate", "算出來的應領金額不到 1 元，請檢查數量和單價。")


def quantities_of(item: str, row: PaidPerson, of_the_line: dict[str, Any]) -> dict[str, Any]:
    """Return the quantities as a line of a budget has them, so that the same rules judge a row."""
    needed = catalogue.items()[item].needed.split()
    values = {key: of_the_line[key] for key in _OF_THE_LINE if key in of_the_line}
    hours = row.hours or Decimal(1)
    count = {"persons": Decimal(1), "hours_per_day": hours, "days": row.count, "hours": row.count * hours}
    for key in needed:
        if key in count:
            values[key] = str(count[key])
        elif key in ("trips", "sessions", "characters", "months"):
            values[key] = str(row.count)
    return values


def labelled(rows: Sequence[PaidPerson]) -> list[str]:
    """Return a name for each row that means one person alone: two people of one name differ by the end of their
    numbers.
    """
    keys: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        keys.setdefault(folded(row.name), set()).add(row.key)
    return [row.name if len(keys[folded(row.name)]) == 1 else f"{row.name}（{row.national_id[-3:]}）" for row in rows]

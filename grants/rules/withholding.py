"""What is kept back from a person's pay: income tax and, from 2013 on, the supplementary premium of the health
insurance. Rates, amounts and days stand in withholding.toml, each with its source.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grants.rules import laws
from miaoli_kaohsiung.lib.money import share_floor
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept back from one payment to one person, in whole NT dollars."""

    tax: int = 0
    premium: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """The most hours of a day, with its source; None if nothing is filed for the day."""

    most: int | None
    title: str
    source: str


@lru_cache(maxsize=1)
def filed() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _wages() -> tuple[Mapping[str, Any], ...]:
    text = (laws.FOLDER / laws.STATUTES / "basic_wage.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["parameter"]["statutory.basic_wage.monthly"]["values"])


def wage_on(day: dt.date) -> int:
    """Return the basic wage of a month in force on the day, whatever law the case follows; 0 before the first."""
    return _on(_wages(), day) or 0


def income_of(item: str) -> str:
    """Return the code of the kind of income that pay under this item is, "" if it is none (transport, meals)."""
    return next((code for code, kind in filed()["income"].items() if item in kind["items"]), "")


def income_title(code: str) -> str:
    title: str = filed()["income"].get(code, {}).get("title", "")
    return title


def income_titles() -> dict[str, str]:
    return {code: kind["title"] for code, kind in filed()["income"].items()}


def hours_on(day: dt.date) -> Hours:
    row = filed()["hours"]
    return Hours(_on(row["values"], day), row["title"], row["source"])


def numbers_kept(day: dt.date) -> tuple[int, str]:
    """Return for how many whole years after the year of a payment a person's number is kept, and the source."""
    row = filed()["numbers"]
    return _on(row["years"], day), row["source"]


def kept_back(income: str, paid_on: dt.date, amount: int) -> Kept:
    """Return what is kept back from one payment. Nothing for what is no income, nor where nothing is filed for the day."""
    if not income:
        return Kept()
    return Kept(_tax(filed()["income"][income], paid_on, amount), _premium(income, paid_on, amount))


def remarks(income: str, paid_on: dt.date) -> list[str]:
    """Return what is not computed for a payment of that day, and why, in sentences."""
    if not income:
        return []
    premium, kind, said = filed()["premium"], filed()["income"][income], []
    if paid_on < premium["begins"]:
        said.append(f"補充保險費從{format_roc(premium['begins'])}起才扣（{premium['source']}），這一份不計算。")
    if "least" in kind and _on(kind["least"], paid_on) is None:
        year = roc_year(paid_on.year)
        said.append(
            f"本系統沒有{year}年的薪資扣繳起扣標準，這一份不計算扣繳稅額；請查當年的扣繳稅額表（{kind['source']}）。"
        )
    return said


def is_filed(income: str, year: int) -> bool:
    """Return whether it is filed from which amount on tax is withheld from this kind of income in the year."""
    kind = filed()["income"].get(income, {})
    return "least" not in kind or _on(kind["least"], dt.date(year, 12, 31)) is not None


def sources(income: str) -> list[str]:
    """Return the acts by which the amounts kept back are reckoned."""
    return [filed()["income"][income]["source"], filed()["premium"]["source"]] if income else []


def _tax(kind: Mapping[str, Any], day: dt.date, amount: int) -> int:
    rate = _on(kind["rate"], day)
    least = _on(kind["least"], day) if "least" in kind else 0
    if rate is None or least is None or amount < least:
        return 0
    tax = share_floor(amount, *rate)
    return tax if tax > (_on(kind.get("waived", ()), day) or 0) else 0


def _premium(income: str, day: dt.date, amount: int) -> int:
    premium = filed()["premium"]
    if day < premium["begins"] or amount < (_on(premium["least"][income], day) or wage_on(day)):
        return 0
    # Rounded to the next whole dollar, halves up.
    part, whole = _on(premium["rate"], day)
    return share_floor(2 * min(amount, _on(premium["most"], day)) * part + whole, 1, 2 * whole)


def _on(rows: Iterable[Mapping[str, Any]], day: dt.date) -> Any:
    """Return the value in force on the day; None before the first."""
    begun = [row["value"] for row in rows if row["from"] <= day]
    return begun[-1] if begun else None

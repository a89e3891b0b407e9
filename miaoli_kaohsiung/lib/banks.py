"""Names of banks by their code, by date, from lib/data/banks.csv, which names its source. An unknown code has no name."""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

from miaoli_kaohsiung.lib.numbers import whole_number

_FILE = Path(__file__).parent / "data" / "banks.csv"
# Credit departments are too many to list and their codes change hands: the name says only the kind, the code the rest.
_KINDS = ((range(503, 543), "漁會信用部"), (range(600, 641), "農會信用部"))


def name_of(code: str, on: dt.date) -> str:
    """Return the name of the head office of the first three digits; "" if it is not known."""
    head = code.strip()[:3]
    number = whole_number(head)
    if len(head) < 3 or number is None:
        return ""
    known = [name for known_code, name, start in _rows() if known_code == head and start <= on]
    if known:
        return known[-1]
    return next((kind for codes, kind in _KINDS if number in codes), "")


@cache
def _rows() -> tuple[tuple[str, str, dt.date], ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["name"], dt.date.fromisoformat(row["from"])) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: row[2]))

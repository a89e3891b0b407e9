"""The 45 townships as data: communities/data/townships.csv, one row a name."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

TOWNSHIPS = Path(__file__).parent / "data" / "townships.csv"


def load_townships(township_model: Any, name_model: Any) -> None:
    """Make the tables match the file, in its order. The models are arguments because the migration has its own."""
    with TOWNSHIPS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = list(dict.fromkeys(row["code"] for row in rows))
    for row in rows:
        values = {
            "county": row["county"],
            "postal_code": row["postal_code"],
            "position": codes.index(row["code"]) + 1,
        }
        township, _made = township_model.objects.update_or_create(code=row["code"], defaults=values)
        name_model.objects.update_or_create(
            township=township,
            valid_from=_day(row["valid_from"]),
            defaults={"name": row["name"], "valid_to": _day(row["valid_to"])},
        )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None

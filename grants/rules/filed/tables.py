"""The tables of a law written as data, as plain rows: items, programmes, papers, caps and conditions.

Reads files that `checking` found to be right. The rows are those that a law in Python writes, so that `catalogue` reads
both alike.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

# A row as it stands in the file.
Row = Mapping[str, Any]
PARTS = ("items", "programmes", "rules")


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Everything of a law but its head, numbers and clauses; `offered` are the codes of what may be asked for today."""

    items: Mapping[str, Row] = field(default_factory=dict)
    programmes: Mapping[str, Row] = field(default_factory=dict)
    papers: tuple[Row, ...] = ()
    caps: tuple[Row, ...] = ()
    conditions: tuple[Row, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    quantities: tuple[Row, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Row, ...] = ()
    criteria: tuple[Row, ...] = ()

    def items_tables(self) -> dict[str, Any]:
        """Return the tables that a law in Python keeps in `items.py`."""
        return {
            "GROUPS": self.groups,
            "QUANTITIES": tuple(
                (row["key"], row["label"], row.get("unit", ""), row.get("type", "number"), row.get("help", ""))
                for row in self.quantities
            ),
            "ITEMS": tuple(_item(row) for row in self.items.values()),
        }

    def programmes_tables(self) -> dict[str, Any]:
        """Return the tables that a law in Python keeps in `programmes.py`."""
        rows = self.programmes.values()
        return {
            "PART_TITLES": self.parts,
            "PROGRAMME_ROWS": tuple(
                (row["code"], row["name"], row["part"], row["clause"], row["purpose"],
                 tuple(_question(asked) for asked in row.get("question", ())))
                for row in rows
            ),
            "COMMON_QUESTIONS": tuple(_question(row) for row in self.questions),
            "DOCUMENTS": tuple(
                (row["code"], row["name"], row["clause"], row["when"], row.get("help", "")) for row in self.papers
            ),
            "REVIEW_CRITERIA": tuple((row["code"], row["name"], row["clause"]) for row in self.criteria),
            "PROGRAMME_SUMS": {row["code"]: " ".join(row.get("sums", ())) for row in rows},
            "USUAL_ITEMS": {row["code"]: " ".join(row.get("items", ())) for row in rows},
        }  # fmt: skip

    def estimates_tables(self) -> dict[str, Any]:
        """A law in data has no everyday plans for an estimate."""
        return {}


def files_of(law: str, files: Mapping[str, str]) -> list[str]:
    """Return the names of the files in which a law has its tables; none if its rules are not data."""
    names = [f"{law}_{part}.toml" for part in PARTS]
    return [name for name in names if name in files] if names[-1] in files else []


def of_files(law: str, files: Mapping[str, str]) -> Tables | None:
    """Return the tables of a law's kept files; None if its rules are not data."""
    texts = tuple(files.get(f"{law}_{part}.toml", "") for part in PARTS)
    return _read(texts) if files_of(law, files) else None


def asks_for(kind: str, data: Tables | None) -> bool:
    """Return whether a law in data has a condition of this kind."""
    return data is not None and any(row["kind"] == kind for row in data.conditions)


@lru_cache(maxsize=64)
def _read(texts: tuple[str, ...]) -> Tables:
    items, programmes, rules = (tomllib.loads(text) for text in texts)
    return Tables(
        items={row["code"]: row for row in items.get("item", ())},
        programmes={row["code"]: row for row in programmes.get("programme", ())},
        papers=tuple(programmes.get("paper", ())),
        caps=tuple(rules.get("cap", ())),
        conditions=tuple(rules.get("condition", ())),
        groups=tuple((row["code"], row["title"]) for row in items.get("group", ())),
        quantities=tuple(items.get("quantity", ())),
        parts={row["code"]: row["title"] for row in programmes.get("part", ())},
        questions=tuple(programmes.get("question", ())),
        criteria=tuple(programmes.get("criterion", ())),
    )


def _item(row: Row) -> dict[str, Any]:
    """Return what `catalogue.Item` takes."""
    cost = row.get("cost")
    return {
        "code": row["code"],
        "name": row["name"],
        "group": row["group"],
        "clause": row["clause"],
        "help": row.get("help", ""),
        "needed": " ".join(row.get("needed", ())),
        "asked": " ".join(row.get("asked", ())),
        "pay": row.get("person", False),
        "person": row.get("person", False),
        "counted": row.get("counted", ""),
        "cost": None if cost is None else tuple(cost),
        "priced": row.get("priced", True),
        "offered": row.get("offered", True),
        "examples": (row["example"],) if "example" in row else (),
    }


def _question(row: Row) -> tuple[Any, ...]:
    more: dict[str, Any] = {"choices": tuple(row["choices"].items())} if "choices" in row else {}
    if "depends" in row:
        more["depends"] = row["depends"]
    return (row["key"], row["label"], row.get("help", ""), row["type"], row["clause"], more)

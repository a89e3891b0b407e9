"""The register of personal data: every personal field of every model with its purpose, its ground, its term and its end.

It is `register.toml`. The pages show it, the disposal lists follow it, and the export of what is held on a person goes by it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Field
from django.utils.module_loading import import_string

FILE = Path(__file__).with_name("register.toml")


class End(StrEnum):
    """What happens to a field when its term is over."""

    JOB = "job"
    LIST = "list"
    KEEP = "keep"


@dataclass(frozen=True)
class Term:
    """How long: `words` for people; `number` of years or days; `why` it is kept after all, `job` which service deletes it."""

    code: str
    words: str
    end: End
    number: int
    job: str = ""
    why: str = ""


@dataclass(frozen=True)
class Held:
    """Columns of one model under one term. `within`: personal data stand there beside other things."""

    label: str
    names: tuple[str, ...]
    term: Term
    within: bool

    @property
    def title(self) -> str:
        return title_of(self.label)

    @property
    def fields(self) -> list["Field[Any, Any]"]:
        model = apps.get_model(self.label)
        return [model._meta.get_field(name) for name in self.names]

    @property
    def words(self) -> str:
        """The columns as the forms name them."""
        return "、".join(word_of(self.label, name) for name in self.names)


@dataclass(frozen=True)
class DataFile:
    """An entry of the register (個人資料檔案), in the words of the notice."""

    code: str
    name: str
    purpose: str
    ground: str
    people: str
    kinds: str
    readers: str
    without: str
    held: tuple[Held, ...]

    @property
    def terms(self) -> list[Term]:
        return list(dict.fromkeys(one.term for one in self.held))


@lru_cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def title_of(label: str) -> str:
    """Name a model to people: in the register's words where the model itself has none."""
    return _words().get(label.lower()) or str(apps.get_model(label)._meta.verbose_name)


def word_of(label: str, name: str) -> str:
    """Name a column to people, likewise."""
    return _words().get(f"{label}.{name}".lower()) or str(apps.get_model(label)._meta.get_field(name).verbose_name)


@lru_cache
def _words() -> dict[str, str]:
    return {place.lower(): word for place, word in _read()["words"].items()}


@lru_cache
def terms() -> dict[str, Term]:
    """Return the terms by their codes."""
    return {code: _term(code, row) for code, row in _read()["terms"].items()}


def _term(code: str, row: dict[str, Any]) -> Term:
    number = import_string(row["constant"]) if "constant" in row else row.get("number", 0)
    words = row["words"].format(number=number)
    return Term(code, words, End(row["end"]), number, row.get("job", ""), row.get("why", ""))


@lru_cache
def files() -> tuple[DataFile, ...]:
    """Return the entries of the register in the order of the file."""
    ground = _read()["ground_of_office"]
    return tuple(
        DataFile(
            ground=row.pop("ground", ground),
            held=tuple(
                Held(one["of"], tuple(one["names"]), terms()[one["term"]], one.get("within", False))
                for one in row.pop("fields")
            ),
            **row,
        )
        for row in map(dict, _read()["files"])
    )


def every() -> Iterator[Held]:
    """Yield what is held, file by file."""
    for one in files():
        yield from one.held


def personal(*, within: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the personal columns by model; with `within` those too that hold personal data beside other things."""
    found: dict[str, tuple[str, ...]] = {}
    for held in every():
        if within or not held.within:
            found[held.label] = (*found.get(held.label, ()), *held.names)
    return found


def otherwise() -> dict[str, tuple[str, ...]]:
    """Return by model the columns that only sound personal."""
    return {label: tuple(names) for label, names in _read()["otherwise"].items()}

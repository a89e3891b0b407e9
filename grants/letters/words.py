"""The words of each kind of letter: filed ones (filed/*.toml), a county's own from a day on, and how they are filled in.

A paragraph is a line; full-width spaces before it set its level (一、 (一) 1. (1)). A paragraph with a mark that has no
value is left out, with what stands below it; so is one of whose sub-items none is left.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from grants.enums import LetterKind
from grants.models import LetterWords
from miaoli_kaohsiung.lib.lines import one_line
from miaoli_kaohsiung.lib.roc_date import format_roc

from .fields import MARK, OF_ASSOCIATIONS, OF_CASES, OF_OFFICES, Field, by_mark
from .numbering import INDENT, level_of

FOLDER = Path(__file__).with_name("filed")
# What a county's row replaces.
EDITED = ("subject", "explanation", "action", "originals", "copies")
CASE, ASSOCIATION, OFFICE = "case", "association", "office"
_COMMON = {
    CASE: (*OF_CASES, *OF_ASSOCIATIONS, *OF_OFFICES),
    ASSOCIATION: (*OF_ASSOCIATIONS, *OF_OFFICES),
    OFFICE: OF_OFFICES,
}
Value = str | tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """The words of a kind. `fields` are marks whose values the service gives, `days` those filled in at issue.

    `about` says whether there is a case, an association or neither; `needed` which marks must stay, by law or because
    the letter says nothing without them. One that `asks` may not name a day that is past. `starts_on` is the day of a county's row, None for filed words.
    """

    kind: LetterKind
    subject: str
    explanation: str
    originals: str
    copies: tuple[str, ...]
    action: str = ""
    about: str = CASE
    fields: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    asks: bool = False
    starts_on: dt.date | None = None

    @property
    def name(self) -> str:
        return str(self.kind.label)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that its text may hold."""
        return (*(field.mark for field in self.facts), *self.days)

    @property
    def facts(self) -> tuple[Field, ...]:
        """The fields that have a value when the letter is drafted."""
        return (*_COMMON[self.about], *(by_mark()[name] for name in self.fields))

    @property
    def text(self) -> str:
        return f"{self.subject}\n{self.explanation}\n{self.action}"

    def values(self) -> dict[str, Any]:
        """Return what a county may replace, as plain data."""
        found = {name: getattr(self, name) for name in EDITED}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


@cache
def filed() -> Mapping[str, Wording]:
    """Return the filed words by kind, in the order of the kinds."""
    return {kind.value: _read(kind) for kind in LetterKind}


def wording_of(county: str, kind: str, on: dt.date) -> Wording:
    """Return the words of a kind in the county on a day."""
    rows = LetterWords.objects.filter(county=county, kind=kind, starts_on__lte=on).order_by("-starts_on")
    row = rows.first()
    return as_in(row, filed()[kind]) if row else filed()[kind]


def as_in(row: LetterWords, standard: Wording) -> Wording:
    """Return the filed words with those of a county's row."""
    values = {name: getattr(row, name) for name in EDITED} | {"copies": tuple(row.copies)}
    return replace(standard, **values, starts_on=row.starts_on)


def plain(value: object) -> Value:
    """Return a fact as text prints it: a day as 99年6月1日, text in one line; a list as one text for each paragraph."""
    if isinstance(value, dt.date):
        return format_roc(value)
    if isinstance(value, (list, tuple)):
        return tuple(text for part in value if (text := one_line(str(part)).rstrip()))
    return "" if value is None else one_line(str(value))


def in_line(text: str, values: Mapping[str, Value]) -> str:
    """Return the text with every mark that has a value replaced; a list is written with 、 between its parts."""

    def said(name: str, mark: str) -> str:
        value = values.get(name, mark)
        return value if isinstance(value, str) else "、".join(value)

    return MARK.sub(lambda found: said(found[1], found[0]), text)


def paragraphs(text: str, values: Mapping[str, Value]) -> list[str]:
    """Return the paragraphs of the text with their marks replaced, without those that have nothing to say."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return [line for group in _kept(lines, 0, values) for line in group]


def _kept(lines: Sequence[str], level: int, values: Mapping[str, Value]) -> list[list[str]]:
    """Return, for each paragraph of the level, what is left of it and of what stands below it."""
    found = []
    for head, below in _groups(lines, level):
        own = _filled(head, values)
        under = [line for group in _kept(below, level + 1, values) for line in group]
        if own and (under or not below):
            found.append([*own, *under])
    return found


def _groups(lines: Sequence[str], level: int) -> list[tuple[str, list[str]]]:
    """Return each paragraph of the level with the lines below it."""
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        if level_of(line) > level and groups:
            groups[-1][1].append(line)
        else:
            groups.append((line, []))
    return groups


def _filled(line: str, values: Mapping[str, Value]) -> list[str]:
    indent, text = INDENT * level_of(line), line.strip()
    alone = MARK.fullmatch(text)
    value = values.get(alone[1]) if alone else None
    if alone and isinstance(value, tuple):
        own = by_mark()[alone[1]].levels
        return [indent + (part if own else part.strip(INDENT)) for part in value]
    if any(not values.get(name, "?") for name in MARK.findall(text)):
        return []
    return [indent + in_line(text, values)]


def _read(kind: LetterKind) -> Wording:
    row = tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Wording(
        kind, **{**frozen, "explanation": row["explanation"].strip("\n"), "action": row.get("action", "").strip("\n")}
    )

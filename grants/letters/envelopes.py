"""What goes on and with envelopes: the kinds of label sheets and of mail, and how addresses are laid on them."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grants.models import Letter

# Points of type, the largest first; the leading is a quarter more.
SIZES = (12, 11, 10, 9, 8, 7, 6)
_MM_A_POINT = 25.4 / 72
_LEADING = 1.25
# What is left free on each side of a label.
_MARGIN = 3.5


@dataclass(frozen=True)
class Sheet:
    """An A4 sheet of labels without gaps between them, as the shops sell them."""

    columns: int
    rows: int
    width: float
    height: float

    @property
    def code(self) -> str:
        return f"{self.columns}x{self.rows}"

    @property
    def places(self) -> int:
        return self.columns * self.rows

    @property
    def name(self) -> str:
        return f"A4 {self.places} 格（{self.columns} 欄 × {self.rows} 列，每格 {self.width:g} × {self.height:g} mm）"


# Each has its measures in static/pdf/labels.css as well.
SHEETS = (
    Sheet(3, 8, 70, 37),
    Sheet(3, 7, 70, 42.4),
    Sheet(3, 10, 70, 29.7),
    Sheet(2, 8, 105, 37),
    Sheet(2, 7, 105, 42.4),
    Sheet(2, 5, 105, 57),
    Sheet(2, 4, 105, 74),
)

SENT_AS: dict[str, str | Promise] = {
    "registered": _l("掛號"),
    "receipted": _l("掛號附回執（雙掛號）"),
    "prompt": _l("限時掛號"),
    "ordinary": _l("平信（大宗）"),
}


@dataclass(frozen=True)
class Envelope:
    """One envelope: to whom, and the numbers of the letters in it."""

    name: str
    postal_code: str
    address: str
    numbers: tuple[str, ...]


def envelopes_of(letters: Sequence[Letter], *, together: bool) -> list[Envelope]:
    """Return an envelope a letter, or one for all letters to the same body at the same address, in the letters' order."""
    found: dict[Any, list[Letter]] = {}
    for letter in letters:
        to = letter.context["recipient"]
        key: Any = (to["name"], to["postal_code"], to["address"]) if together else letter.pk
        found.setdefault(key, []).append(letter)
    return [_envelope(rows) for rows in found.values()]


def _envelope(rows: Sequence[Letter]) -> Envelope:
    to = rows[0].context["recipient"]
    numbers = tuple(row.dispatch_number for row in rows if row.dispatch_number)
    return Envelope(to["name"], to["postal_code"], to["address"], numbers)


def size_for(sheet: Sheet, texts: Sequence[str]) -> int:
    """Return the largest size of type in which the lines stand inside a label."""
    room = (sheet.width - 2 * _MARGIN, sheet.height - 2 * _MARGIN)
    return next((size for size in SIZES if _fits(size, room, texts)), SIZES[-1])


def _fits(size: int, room: tuple[float, float], texts: Sequence[str]) -> bool:
    em = size * _MM_A_POINT
    a_line = math.floor(room[0] / em)
    lines = sum(max(1, math.ceil(_ems(text) / a_line)) for text in texts)
    return a_line > 0 and lines * em * _LEADING <= room[1]


def _ems(text: str) -> float:
    """The width of a text in Kai type: half an em for what is half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)

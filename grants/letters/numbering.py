"""The levels of an explanation: full-width spaces before a paragraph, printed as 一、 (一) 1. (1)."""

from collections.abc import Sequence
from typing import Any

INDENT = "　"
# The four levels of a letter.
DEEPEST = 3
_DIGITS = "一二三四五六七八九"


def level_of(line: str) -> int:
    """Return the level that the spaces before a line set, 0 for the first."""
    return len(line) - len(line.lstrip(INDENT))


def numbered(paragraphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the paragraphs with their marks, each with those `below` it; a single one of the first level gets no mark.

    A paragraph never stands more than one level below the one before it.
    """
    rows: list[dict[str, Any]] = []
    for text in paragraphs:
        among, level = rows, 0
        while among and level < min(level_of(text), DEEPEST):
            among, level = among[-1]["below"], level + 1
        among.append({"mark": _mark(level, len(among) + 1), "text": text.strip(), "below": []})
    if len(rows) == 1:
        rows[0]["mark"] = ""
    return rows


def chinese_number(number: int) -> str:
    """Return 1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones - 1]
    return ("" if tens == 1 else _DIGITS[tens - 1]) + "十" + (_DIGITS[ones - 1] if ones else "")


def _mark(level: int, place: int) -> str:
    if level > 1:
        return f"{place}." if level == 2 else f"({place})"
    return f"{chinese_number(place)}、" if level == 0 else f"({chinese_number(place)})"

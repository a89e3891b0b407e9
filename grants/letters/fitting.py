"""Whether a letter is set closer, so that one sheet holds it: decided by counting lines, before anything is set.

A letter that runs over by a few lines would put its last paragraph and the signature alone on a second sheet. Set at
15 or 14 points instead of 16 it often fits; a longer one keeps the usual size and flows on. What it encloses then follows its
signature, so that both stand on one sheet printed on both sides; what does not fit there begins a new page.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

# The text's width and height on the sheet, and what an image of a signature takes, in points (static/css/letter.css).
WIDTH, HEIGHT, IMAGE = 453.5, 690.0, 46.0
# Size and line of the text, lines of the small print (office and dates), and the gaps between the blocks.
USUAL = (16, 22, 16, 52)
CLOSER = {"closer": (15, 20, 15, 44), "closest": (14, 18, 14, 38)}
FLOWING = "flowing"
_FILE, _TITLE, _SIGN, _ADDRESS = 28, 27, 27, 32
_SUBJECT = 3.0


def setting(it: Mapping[str, Any]) -> str:
    """Return how the letter is set to fit on one sheet: "" as usual, a name of `CLOSER`, or `FLOWING` if no way fits and it
    encloses a table. `it` is what `compose.content_of` says.
    """
    if height(it, *USUAL) <= HEIGHT:
        return ""
    otherwise = FLOWING if it["table"] else ""
    return next((name for name, sizes in CLOSER.items() if height(it, *sizes) <= HEIGHT), otherwise)


def height(it: Mapping[str, Any], size: int, line: int, small: int, gaps: int) -> float:
    """Return about how high the letter is without its enclosure, in points."""
    head = it["head"]
    fixed = _FILE + _TITLE + _ADDRESS + (IMAGE if head.get("signature") else _SIGN) + gaps
    # The office has four lines and its fax, the dates five; whoever decided on behalf has one.
    smalls = 9 + bool(head.get("fax")) + bool(it["delegation"])
    smalls += sum(_lines(it[name], 12, 6) for name in ("originals", "copies"))
    lines = 1 + _lines(it["originals"], size, 4) + _lines(it["subject"], size, _SUBJECT)
    return fixed + smalls * small + (lines + _listed(it["paragraphs"], size, 1)) * line


def _listed(rows: Sequence[Mapping[str, Any]], size: int, level: int) -> int:
    """Return how many lines the paragraphs have with all below them."""
    indent = 2.0 + 1.4 * (level - 1)
    return sum(_lines(row["text"], size, indent) + _listed(row["below"], size, level + 1) for row in rows)


def _lines(text: str, size: int, indent: float) -> int:
    """Return how many lines the text takes; a Latin letter or a digit is half as wide as a character."""
    width = sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)
    return max(1, math.ceil(width / (WIDTH / size - indent)))

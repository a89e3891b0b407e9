"""Cells that a spreadsheet must not read as a formula, whoever typed them."""

from collections.abc import Iterable
from typing import Any

# What begins a formula in Excel, LibreOffice or Google Sheets; full-width forms are read as the half-width ones.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What no cell may hold: control characters, but for those that make lines and columns.
_CONTROLS = {code: None for code in range(ord(" ")) if chr(code) not in "\t\r\n"}


def safe_cell(value: Any) -> Any:
    """Return numbers unchanged, None as "", and text that could begin a formula after an apostrophe, without NUL and
    the like.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    return f"'{text}" if text.lstrip(" \u3000").startswith(_STARTS) or text.startswith(_STARTS) else text


def safe_row(values: Iterable[Any]) -> list[Any]:
    return [safe_cell(value) for value in values]


def plain_cell(text: str) -> str:
    """Return a cell's text as it was before `safe_cell`: without the apostrophe that it put there."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text

"""Cells that a spreadsheet must not read as a formula, whoever typed them."""

from collections.abc import Iterable
from typing import Any

# What begins a formula in Excel, LibreOffice or Google Sheets; full-width forms are read as the half-width ones.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Return numbers unchanged, None as "", and text that could begin a formula after an apostrophe, without NUL and
    the like.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = "".join(char for char in str(value) if char >= " " or char in "\t\r\n")
    return f"'{text}" if text.lstrip(" \u3000").startswith(_STARTS) or text.startswith(_STARTS) else text


def safe_row(values: Iterable[Any]) -> list[Any]:
    return [safe_cell(value) for value in values]

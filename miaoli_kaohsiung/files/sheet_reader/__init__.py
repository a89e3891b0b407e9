"""Reads the first table of a spreadsheet (XLSX, ODS, XLS) or of a CSV as rows of text. Runs as a process of its own, within
limits and without Django, as the gate does.
"""

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, load_workbook

MOST_BYTES = 60 * 1024 * 1024
# How a workbook of Excel before 2007 begins.
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
# In this order: a text that is no UTF-8 is read as Big5, in the form that Windows writes.
_ENCODINGS = ("utf-8-sig", "cp950")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Refused(Exception):
    """The file cannot be read as a spreadsheet; `code` says why (files.sheets)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """What a table may be at most; `text` says whether a CSV is read as well."""

    rows: int
    columns: int
    longest: int
    text: bool


def read(path: Path, limits: Limits) -> list[list[str]]:
    """Return rows of cells as they would be typed: 1200, 0.5, 2010-07-01; blank rows at the end are left out."""
    rows = _text_rows(path, limits) if limits.text and not _is_workbook(path) else _workbook_rows(path)
    if len(rows) > limits.rows:
        raise Refused("too_many_rows")
    cells = [[text(cell, limits) for cell in row[: limits.columns]] for row in rows]
    while cells and not any(cells[-1]):
        cells.pop()
    return cells


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return zipfile.is_zipfile(path) or file.read(len(_OLD_WORKBOOK)) == _OLD_WORKBOOK


def _workbook_rows(path: Path) -> list[list[Any]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise Refused("too_complex")
            _require_whole(packed)
    try:
        workbook = load_workbook(str(path))
        sheets = workbook.sheet_names
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=True) if sheets else []
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("not_a_spreadsheet") from error


def _require_whole(packed: zipfile.ZipFile) -> None:
    """Refuse a workbook of broken XML: its reader looks for the end of one that has none without end."""
    try:
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(packed.read(part), True)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise Refused("not_a_spreadsheet") from error


def _text_rows(path: Path, limits: Limits) -> list[list[str]]:
    written = _decoded(path.read_bytes())
    if "\x00" in written:
        raise Refused("not_a_table")
    first = written[: written.find("\n")]
    mark = max(",;\t", key=first.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(written, newline=""), delimiter=mark), limits.rows + 1))
    except csv.Error as error:
        raise Refused("not_a_table") from error
    if not any(len(row) > 1 for row in rows):
        raise Refused("not_a_table")
    return rows


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith(_WIDE_MARKS) else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("not_a_table")


def text(cell: object, limits: Limits) -> str:
    """Return a cell as it would be typed; whole numbers without their point."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else f"{cell:g}"
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return " ".join(str(cell).split())[: limits.longest]

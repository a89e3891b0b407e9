"""Reads the first table of a spreadsheet (XLSX, ODS, XLS) as rows of text. Runs as a process of its own, within limits and
without Django, as the gate does.
"""

import zipfile
from pathlib import Path

from python_calamine import CalamineError, load_workbook

MOST_BYTES = 60 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 40, 500


class Refused(Exception):
    """The file cannot be read as a spreadsheet; `code` says why (files.messages)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(path: Path) -> list[list[str]]:
    """Return rows of cells as they would be typed: 1200, 0.5, 2010-07-01; blank rows at the end are left out."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise Refused("too_complex")
    try:
        workbook = load_workbook(str(path))
        sheets = workbook.sheet_names
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=True) if sheets else []
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("not_a_spreadsheet") from error
    if len(rows) > MOST_ROWS:
        raise Refused("too_many_rows")
    cells = [[text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    while cells and not any(cells[-1]):
        cells.pop()
    return cells


def text(cell: object) -> str:
    """Return a cell as it would be typed; whole numbers without their point."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else f"{cell:g}"
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return " ".join(str(cell).split())[:LONGEST]

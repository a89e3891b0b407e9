"""Tables written as CSV, XLSX or ODS, row by row: however long the table, no more than some rows of it are held.

Texts are made safe for spreadsheets (lib.safe_cell). What is not text streams from a temporary file, which the system
removes when it is closed.
"""

import csv
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.sax.saxutils import escape

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from miaoli_kaohsiung.lib.safe_cell import safe_row

Rows = Iterable[Iterable[Any]]
# How many lines of a CSV are sent at once.
LINES_AT_ONCE = 500
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="{title}">"""
_FOOT = "</table:table></office:spreadsheet></office:body></office:document-content>"


def answer(name: str, extension: str, title: str, heads: list[str], rows: Rows) -> HttpResponseBase:
    """Return a table as a download. `name` has no ending, `title` is the sheet's."""
    found: HttpResponseBase
    if extension == "csv":
        found = StreamingHttpResponse(csv_parts(heads, rows), content_type=TYPES[extension])
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by the answer, once it is sent
        write = {"xlsx": _write_xlsx, "ods": _write_ods}[extension]
        write(file, title, heads, rows)
        file.seek(0)
        found = FileResponse(file, content_type=TYPES[extension])
    found["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}") or "attachment"
    found["X-Content-Type-Options"] = "nosniff"
    found["Cache-Control"] = "private, no-store"
    return found


class _Echo:
    """A file whose `write` returns what it is given, for csv.writer over a stream."""

    def write(self, text: str) -> str:
        return text


def csv_parts(heads: list[str], rows: Rows) -> Iterator[bytes]:
    """Yield a CSV, some hundred lines at once."""
    write = csv.writer(_Echo()).writerow
    # Without this mark spreadsheets read a CSV in another encoding.
    yield f"\ufeff{write(heads)}".encode()
    lines: list[str] = []
    for row in rows:
        lines.append(write(safe_row(row)))
        if len(lines) == LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def _write_xlsx(file: IO[bytes], title: str, heads: list[str], rows: Rows) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, safe_row(row))


def _write_ods(file: IO[bytes], title: str, heads: list[str], rows: Rows) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", TYPES["ods"], zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        with packed.open("content.xml", "w") as content:
            content.write(_HEAD.format(title=escape(title, {'"': "&quot;"})).encode())
            content.write(_ods_row(heads))
            for row in rows:
                content.write(_ods_row(safe_row(row)))
            content.write(_FOOT.encode())


def _ods_row(cells: list[Any]) -> bytes:
    return f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>".encode()


def _ods_cell(value: Any) -> str:
    if value == "":
        return "<table:table-cell/>"
    words = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).splitlines())
    kind = f'"float" office:value="{value}"' if isinstance(value, (int, float)) else '"string"'
    return f"<table:table-cell office:value-type={kind}>{words}</table:table-cell>"

"""PDF: one that opens, is whole, not locked, and does nothing by itself."""

import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from .refusal import Refused

# What runs, sends or fetches something when the document is opened or clicked.
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA"}
_ATTACHMENT_KEYS = {"/EmbeddedFiles", "/EF"}
_ATTACHMENT_SUBTYPES = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"}
# For bytes that the reader cannot reach but a more forgiving one might: long names only, short ones occur by chance.
_SUSPECT = re.compile(rb"/(JavaScript|Launch|ImportData|RichMedia|EmbeddedFiles)(?![A-Za-z0-9])")
_ESCAPED_NAME = re.compile(rb"/[A-Za-z0-9#]{2,60}")
_TAIL = 2048


def inspect_pdf(path: Path) -> int:
    """The number of pages; raises Refused."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = path.read_bytes()
    _require_end(path, data)
    _refuse_suspect(data)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Refused("pdf_encrypted")
        pages = len(reader.pages)
        for obj in _objects(reader):
            _refuse_active(obj)
    except Refused:
        raise
    except Exception as error:  # whatever a broken file does to its reader
        raise Refused("pdf_broken") from error
    if pages == 0:
        raise Refused("pdf_broken")
    return pages


def _require_end(path: Path, data: bytes) -> None:
    """A truncated file lacks its end; a file that is also something else has more after it."""
    _before, mark, after = data[-_TAIL:].rpartition(b"%%EOF")
    if not mark:
        raise Refused("pdf_broken")
    if after.strip(b"\r\n\t \x00\x1a") or zipfile.is_zipfile(path):
        raise Refused("pdf_tail")


def _refuse_suspect(data: bytes) -> None:
    if _SUSPECT.search(data):
        raise Refused("pdf_active")
    for match in _ESCAPED_NAME.finditer(data):
        if b"#" in match[0] and _SUSPECT.search(_unescape(match[0])):
            raise Refused("pdf_active")


def _unescape(name: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), name)


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the file's own tables list, and the trailer; each once, references are not followed."""
    yield reader.trailer
    listed = {(number, generation) for generation, table in reader.xref.items() for number in table}
    listed |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(listed):
        if number:
            yield reader.get_object(IndirectObject(number, generation, reader))


def _refuse_active(root: Any) -> None:
    """Look at one object and all that is written inside it."""
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, DictionaryObject):
            _refuse_dictionary(item)
            waiting.extend(item.values())
        elif isinstance(item, ArrayObject):
            waiting.extend(item)


def _refuse_dictionary(item: DictionaryObject) -> None:
    keys = set(item)
    if keys & _ACTIVE_KEYS or _name(item, "/S") in _ACTIVE_ACTIONS:
        raise Refused("pdf_active")
    if keys & _ATTACHMENT_KEYS or _name(item, "/Subtype") in _ATTACHMENT_SUBTYPES:
        raise Refused("pdf_attachment")
    if _name(item, "/Type") == "/ObjStm" and isinstance(item, StreamObject):
        _refuse_suspect(item.get_data())


def _name(item: DictionaryObject, key: str) -> str:
    value = item.raw_get(key) if key in item else None
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return str(value) if isinstance(value, NameObject) else ""

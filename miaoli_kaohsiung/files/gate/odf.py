"""OpenDocument texts and tables: a sound package of its kind, without programs, without parts that point outside."""

import zipfile
from os import SEEK_END
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from .refusal import Refused

_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MAX_ENTRIES = 2000
_MAX_UNPACKED = 150 * 1024 * 1024
_MAX_XML = 60 * 1024 * 1024
_MAX_RATIO = 250
_RATIO_FREE = 2 * 1024 * 1024
_MAX_DEPTH = 200
_PROGRAM_FOLDERS = ("basic/", "scripts/", "dialogs/")
_SCRIPT = "urn:oasis:names:tc:opendocument:xmlns:script:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_ACTIVE_ELEMENTS = {
    f"{_SCRIPT} event-listener",
    f"{_OFFICE} script",
    f"{_OFFICE} dde-source",
    f"{_TEXT} dde-connection",
    f"{_TEXT} dde-connection-decl",
    f"{_TABLE} dde-link",
}
_ACTIVE_VALUES = ("vnd.sun.star.script:", "macro:", "javascript:", "application/vnd.sun.star.basic", "oleobject")


def kind_of_zip(path: Path) -> str:
    """The kind, odt or ods; raises Refused for any other archive, with a reason of its own for other office formats."""
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            first = package.infolist()[0] if names else None
            if first and first.filename == "mimetype" and first.file_size < 200:
                mimetype = package.read(first)
                if mimetype in _MIMETYPES:
                    return _MIMETYPES[mimetype]
    except Exception as error:  # whatever a broken archive does to its reader
        raise Refused("odf_broken") from error
    raise Refused("office" if "[Content_Types].xml" in names else "kind")


def inspect_odf(path: Path, kind: str) -> None:
    """Raise Refused unless the package is sound."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _require_package(path, package, entries)
            for entry in entries:
                _inspect_entry(package, entry)
    except Refused:
        raise
    except Exception as error:  # as above
        raise Refused("odf_broken") from error


def _require_package(path: Path, package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if entries[0].compress_type != zipfile.ZIP_STORED or entries[0].header_offset != 0 or not _ends_cleanly(path):
        raise Refused("odf_broken")
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise Refused("odf_bomb")
    if len({name.casefold() for name in names}) != len(names) or any(_leads_outside(name) for name in names):
        raise Refused("odf_broken")
    if not {"META-INF/manifest.xml", "content.xml"} <= set(names):
        raise Refused("odf_broken")
    if any(name.casefold().startswith(_PROGRAM_FOLDERS) for name in names):
        raise Refused("odf_active")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("odf_encrypted")


def _ends_cleanly(path: Path) -> bool:
    """The archive's end record, which is 22 bytes without a comment, is the last thing in the file."""
    with path.open("rb") as file:
        file.seek(-22, SEEK_END)
        return file.read(4) == b"PK\x05\x06"


def _leads_outside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or "\\" in name or ":" in name or ".." in parts or not name.isprintable()


def _inspect_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused("odf_broken")
    if entry.file_size > _RATIO_FREE and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
        raise Refused("odf_bomb")
    is_xml = entry.filename.casefold().endswith((".xml", ".rdf"))
    if is_xml and entry.file_size > _MAX_XML:
        raise Refused("odf_bomb")
    scan = _XmlScan() if is_xml and entry.file_size else None
    with package.open(entry) as part:
        # Reading to the end checks the CRC; never more than the declared size is unpacked.
        while block := part.read(1 << 20):
            if scan:
                scan.feed(block)
    if scan:
        scan.close()


class _XmlScan:
    """Well-formed, without a DTD (entity bombs), and without elements or values that start something."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._depth = 0

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Refused("odf_bomb")
        if name in _ACTIVE_ELEMENTS or any(
            value.strip().casefold().startswith(_ACTIVE_VALUES) for value in attributes.values()
        ):
            raise Refused("odf_active")
        if attributes.get("urn:oasis:names:tc:opendocument:xmlns:manifest:1.0 media-type", "").endswith("oleobject"):
            raise Refused("odf_active")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_declaration: object) -> None:
        raise Refused("odf_broken")

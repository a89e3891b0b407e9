"""Archives of office documents: their kind, and whether unpacking them is safe."""

import zipfile
from collections.abc import Callable
from os import SEEK_END
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from .refusal import Refused

MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_WORD = "word/document.xml"
_MAX_ENTRIES = 2000
_MAX_UNPACKED = 150 * 1024 * 1024
_MAX_XML = 30 * 1024 * 1024
_MAX_RATIO = 250
_RATIO_FREE = 2 * 1024 * 1024
_MAX_DEPTH = 200
_MANIFEST = "META-INF/manifest.xml"


def kind_of_zip(path: Path) -> str:
    """Return odt, ods or docx; raises Refused for any other archive, with a reason for each common kind."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()[:_MAX_ENTRIES]
            names = {entry.filename for entry in entries}
            first = entries[0] if entries else None
            if first and first.filename == "mimetype" and first.file_size < 200:
                mimetype = package.read(first)
                if mimetype in MIMETYPES:
                    return MIMETYPES[mimetype]
                if mimetype.startswith(b"application/vnd.oasis.opendocument"):
                    raise Refused("odf_other")
    except Refused:
        raise
    except Exception as error:  # whatever a broken archive does to its reader
        raise Refused("odf_broken") from error
    if _WORD in names:
        return "docx"
    if "[Content_Types].xml" in names:
        raise Refused("office")
    raise Refused("odf_mimetype" if "content.xml" in names else "archive" if names else "kind")


def require_bounds(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries if their number, sizes and names are within bounds; else raise Refused with the codes of ODF."""
    entries = package.infolist()
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise Refused("odf_bomb")
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) != len(names) or any(leads_outside(name) for name in names):
        raise Refused("odf_broken")
    for entry in entries:
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("odf_broken")
        if entry.file_size > _RATIO_FREE and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
            raise Refused("odf_bomb")
        if _is_xml(entry) and entry.file_size > _MAX_XML:
            raise Refused("odf_bomb")
    return entries


def read_through(
    package: zipfile.ZipFile, entry: zipfile.ZipInfo, start: Callable[[str, dict[str, str]], None]
) -> bytes:
    """Unpack an entry to its end, which checks its sum; pass each element of XML to `start`. Returns its first bytes."""
    scan = XmlScan(start) if _is_xml(entry) and entry.file_size else None
    head = b""
    with package.open(entry) as part:
        # Never more than the declared size is unpacked.
        while block := part.read(1 << 20):
            head = head or block[:16]
            if scan:
                scan.feed(block)
    if scan:
        scan.close()
    return head


def ends_cleanly(path: Path) -> bool:
    """Return whether the archive's end record (22 bytes without a comment) is the last thing in the file."""
    with path.open("rb") as file:
        file.seek(-22, SEEK_END)
        return file.read(4) == b"PK\x05\x06"


def leads_outside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or "\\" in name or ":" in name or ".." in parts or not name.isprintable()


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.casefold().endswith((".xml", ".rdf", ".rels"))


class XmlScan:
    """Checks that XML is well-formed, without a DTD (entity bombs), not too deep; passes each element's name and
    attributes to `start`.
    """

    def __init__(self, start: Callable[[str, dict[str, str]], None]) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._shown = start
        self._depth = 0

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Refused("odf_bomb")
        self._shown(name, attributes)

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_declaration: object) -> None:
        raise Refused("odf_broken")

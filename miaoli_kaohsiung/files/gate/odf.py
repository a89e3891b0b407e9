"""OpenDocument texts and tables: accepts a sound package of its kind, with only listed parts and references.

A bad file is refused, not repaired: removing something from a document's XML may change what it says.
"""

import re
import zipfile
from pathlib import Path

from .package import ends_cleanly, read_through, require_bounds
from .refusal import Refused

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_SCRIPT, _OFFICE, _TEXT, _TABLE, _DRAW = (
    f"{_NS}{part}:1.0 " for part in ("script", "office", "text", "table", "drawing")
)
_HREF = "http://www.w3.org/1999/xlink href"
_MANIFEST = f"{_NS}manifest:1.0 "
_XFORMS = "http://www.w3.org/2002/xforms "

# Parts of a package; embedded charts, formulas and documents have the same parts in a folder of their own.
_PARTS = re.compile(
    r"(?:Object[ _][^/]{1,40}/|[^/]{1,40}/(?=content\.xml|styles\.xml|meta\.xml|settings\.xml))?"
    r"(?:content\.xml|styles\.xml|meta\.xml|settings\.xml|manifest\.rdf|layout-cache|mimetype|Thumbnails/.+\.(?:png|jpg)"
    r"|META-INF/(?:manifest\.xml|documentsignatures\.xml)|Configurations2/.*|Pictures/.*|media/.*|ObjectReplacements/.*"
    r"|Fonts/[^/]+\.(?:ttf|otf|ttc)|current\.xml|accelerator/current\.xml)",
    re.IGNORECASE,
)
_PROGRAM_FOLDERS = ("basic/", "scripts/", "dialogs/")
_PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ACTIVE = {f"{_SCRIPT}event-listener", f"{_OFFICE}script"}
# Elements that fetch something or hold another program's window.
_FETCHING = {
    f"{_OFFICE}dde-source", f"{_TEXT}dde-connection", f"{_TEXT}dde-connection-decl", f"{_TABLE}dde-link",
    f"{_TABLE}table-source", f"{_TABLE}cell-range-source", f"{_TABLE}database-source-sql", f"{_TABLE}database-source-table",
    f"{_TABLE}database-source-query", f"{_DRAW}floating-frame", f"{_DRAW}applet", f"{_DRAW}plugin",
}  # fmt: skip
_OBJECTS = {f"{_DRAW}object-ole"}
# References that a reader follows only when somebody clicks them, after seeing where they lead.
_LINKS = {f"{_TEXT}a", f"{_DRAW}a", f"{_DRAW}area-rectangle", f"{_DRAW}area-circle", f"{_DRAW}area-polygon"}
# Says which template a document was made from; nothing is fetched.
_REMARKS = {f"{_NS}meta:1.0 template"}
_WEB = ("http://", "https://", "mailto:", "tel:")
_SCRIPT_VALUES = (
    "vnd.sun.star.script:",
    "macro:",
    "javascript:",
    "vbscript:",
    "application/vnd.sun.star.basic",
    ".uno:",
    "slot:",
    "service:",
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_REACHING_FORMULA = re.compile(
    r"\b(?:DDE|WEBSERVICE|RTD|CALL|REGISTER\.ID|EXEC|COM\.MICROSOFT\.WEBSERVICE|SQL\.REQUEST)\s*\(|\|\s*['\w/ .-]*'?\s*!"
    r"|file:|https?:|ftp:|\\\\|cmd\s*\|",
    re.IGNORECASE,
)
# Where cells are named or computed: in cells, under a name of their own, as a condition, as a range of cells.
_FORMULAS = (" formula", " condition", " expression", " cell-range-address", ":calcext:1.0 value")
# A cell of another file, also of one beside this: 'a.ods'#$Sheet.A1. Texts in quotation marks are no references.
_OTHER_FILE = re.compile(r"'\s*#")
_QUOTED = re.compile(r'"[^"]*"')
_LINK_FORMULA = re.compile(r"\bHYPERLINK\s*\(\s*\"(?:https?://|mailto:)[^\"]*\"", re.IGNORECASE)


def inspect_odf(path: Path, kind: str) -> None:
    """Raise Refused unless the package is sound."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = require_bounds(package)
            _require_package(path, entries)
            _refuse_locked(package)
            for entry in entries:
                _inspect_entry(package, entry)
    except Refused:
        raise
    except Exception as error:  # Whatever a broken archive does to its reader.
        raise Refused("odf_broken") from error


def _require_package(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if entries[0].compress_type != zipfile.ZIP_STORED or entries[0].header_offset != 0:
        raise Refused("odf_mimetype")
    if not ends_cleanly(path):
        raise Refused("odf_broken")
    # A document that is encrypted as a whole has its contents in one entry.
    if "encrypted-package" in names or any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("odf_encrypted")
    if any(name.casefold().startswith(_PROGRAM_FOLDERS) for name in names):
        raise Refused("odf_active")
    if not {"META-INF/manifest.xml", "content.xml"} <= set(names):
        raise Refused("odf_broken")


def _refuse_locked(package: zipfile.ZipFile) -> None:
    """Refuse by the manifest: the entries of a document with a password look like any others."""

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == f"{_MANIFEST}encryption-data":
            raise Refused("odf_encrypted")

    read_through(package, package.getinfo("META-INF/manifest.xml"), start)


def _inspect_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    head = read_through(package, entry, _element)
    if entry.is_dir():
        return
    if head.startswith(_PROGRAM_HEADS):
        raise Refused("odf_foreign")
    if head.startswith(_OLE):
        raise Refused("odf_object")
    if not _PARTS.fullmatch(entry.filename) and not _is_replacement(entry.filename):
        raise Refused("odf_foreign")


def _is_replacement(name: str) -> bool:
    """Return whether this is the picture that stands for an embedded chart, or the object's own file without an ending."""
    return re.fullmatch(r"(?:Object|Formula|Chart)[ _-]?\w{1,20}", name, re.IGNORECASE) is not None


def _element(name: str, attributes: dict[str, str]) -> None:
    if name in _ACTIVE:
        raise Refused("odf_active")
    if name in _FETCHING or name.startswith(_XFORMS):
        raise Refused("odf_reaching")
    if name in _OBJECTS or attributes.get(f"{_MANIFEST}media-type", "").endswith("oleobject"):
        raise Refused("odf_object")
    for key, value in attributes.items():
        folded = value.strip().casefold()
        if folded.startswith(_SCRIPT_VALUES):
            raise Refused("odf_active")
        if key == _HREF or key.endswith((" href", " action")):
            _reference(name, folded)
        elif key.endswith(_FORMULAS) and _reaches(value):
            raise Refused("odf_reaching")


def _reaches(formula: str) -> bool:
    """Return whether a formula runs or fetches something, or counts with cells of another file."""
    return bool(
        _REACHING_FORMULA.search(_LINK_FORMULA.sub("", formula)) or _OTHER_FILE.search(_QUOTED.sub("", formula))
    )


def _reference(name: str, target: str) -> None:
    """Refuse a reference unless it stays inside the package or is a link to click; pictures or sources from elsewhere
    are not.
    """
    if not target or target.startswith("#") or name in _REMARKS:
        return
    if name in _LINKS:
        if _SCHEME.match(target) and not target.startswith(_WEB):
            raise Refused("odf_reaching")
        if target.startswith(("//", "\\\\")):
            raise Refused("odf_reaching")
        return
    if _SCHEME.match(target) or target.startswith(("/", "\\", "..")) or "/../" in target:
        raise Refused("odf_reaching")

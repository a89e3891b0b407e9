"""Finds out what a file is, by its first bytes, and then whether it is a sound one of its kind."""

from dataclasses import dataclass
from pathlib import Path

from .kinds import CONVERTED, KINDS, by_first_bytes
from .refusal import Refused

_HEAD = 1024

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the old Office formats, as UTF-16.
_OLE_WORD = "WordDocument".encode("utf-16-le")


@dataclass(frozen=True)
class Found:
    """What passed. With `rewritten` the bytes to keep are those in the target, not the ones that arrived; `note` is a
    key of files.messages.NOTES: what was done to them, for the person to read.
    """

    kind: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    rewritten: bool = False
    note: str = ""


def inspect(path: Path, target: Path, kinds: tuple[str, ...] = KINDS) -> Found:
    """Accept the file at `path` or raise Refused. A file that is rewritten (pictures without the camera's notes, a PDF
    without active content, other kinds as PDF or JPEG) is in `target`.
    """
    kind = sniff(path)
    if kind in CONVERTED:
        return _converted(path, target, kind, kinds)
    if kind not in kinds:
        raise Refused("kind")
    # Imported when needed: the process that does this lives for one file.
    if kind == "pdf":
        from .pdf import inspect_pdf

        pages, rewritten, note = inspect_pdf(path, target)
        return Found(kind, pages=pages, rewritten=rewritten, note=note)
    if kind in {"jpeg", "png"}:
        from .picture import rewrite_picture

        width, height = rewrite_picture(path, target, kind)
        return Found(kind, width=width, height=height, rewritten=True)
    from .odf import inspect_odf

    inspect_odf(path, kind)
    return Found(kind)


def _converted(path: Path, target: Path, kind: str, kinds: tuple[str, ...]) -> Found:
    if CONVERTED[kind] not in kinds:
        raise Refused("kind")
    if kind == "docx":
        from .word import word_to_pdf

        return Found("pdf", pages=word_to_pdf(path, target), rewritten=True, note="to_pdf_words")
    from . import picture

    if kind == "tiff":
        return Found("pdf", pages=picture.pages_to_pdf(path, target), rewritten=True, note="to_pdf")
    width, height = picture.rewrite_picture(path, target, kind)
    return Found("jpeg", width=width, height=height, rewritten=True, note="to_jpeg")


def sniff(path: Path) -> str:
    """Return one of KINDS or CONVERTED by the first bytes; raises Refused with the most helpful reason for anything
    else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise Refused("empty")
    if kind := by_first_bytes(head):
        return kind
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(path)
    if head.startswith(_OLE):
        raise Refused(_old_office(path))
    if head.startswith(_PROGRAMS):
        raise Refused("program")
    # Readers look for the header of a PDF in the first kilobyte: a byte order mark, or a line of a mail, may come before it.
    if b"%PDF-" in head:
        return "pdf"
    raise Refused("film" if head[4:8] == b"ftyp" else "kind")


def _old_office(path: Path) -> str:
    """Return the kind: the old formats of Office, and a locked new one, share one container format."""
    with path.open("rb") as file:
        data = file.read(4 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "office_encrypted"
    return "doc" if _OLE_WORD in data else "office"


def _sniff_zip(path: Path) -> str:
    from .package import kind_of_zip

    return kind_of_zip(path)

"""What a file is, by its first bytes, and then whether it is a sound one of its kind."""

from dataclasses import dataclass
from pathlib import Path

from .refusal import Refused

KINDS = ("pdf", "jpeg", "png", "odt", "ods")

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True)
class Found:
    """What passed. `rewritten` tells that the bytes to keep are those in the target, not the ones that came; `note` is a
    key of files.messages.NOTES: what was done to them, to be said to the person.
    """

    kind: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    rewritten: bool = False
    note: str = ""


def inspect(path: Path, target: Path, kinds: tuple[str, ...] = KINDS) -> Found:
    """Accept the file at `path` or raise Refused. A picture is written anew to `target`, without the camera's notes."""
    kind = sniff(path)
    if kind not in kinds:
        raise Refused("kind")
    # Imported when needed: the process that does this lives for one file.
    if kind == "pdf":
        from .pdf import inspect_pdf

        return Found(kind, pages=inspect_pdf(path))
    if kind in {"jpeg", "png"}:
        from .picture import rewrite_picture

        width, height = rewrite_picture(path, target, kind)
        return Found(kind, width=width, height=height, rewritten=True)
    from .odf import inspect_odf

    inspect_odf(path, kind)
    return Found(kind)


def sniff(path: Path) -> str:
    """One of KINDS by the first bytes; raises Refused with the most helpful reason for anything else."""
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise Refused("empty")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(path)
    raise Refused(_reason(head))


def _reason(head: bytes) -> str:
    if head.startswith(_PROGRAMS):
        return "program"
    if head.startswith(_OLE):
        return "office"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heif"
    return "kind"


def _sniff_zip(path: Path) -> str:
    from .odf import kind_of_zip

    return kind_of_zip(path)

"""The kinds of file that the portal accepts, one row each. Everything about a picture is in its row; each kind of
document has a module of its own here that inspects it.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file. `label` is the name shown to people; rarer kinds are accepted without being named. `endings` are
    offered by the browser.

    A kind that is not kept `becomes` another one. It is recognised by its first bytes: `starts` is a pattern for them,
    `brands` are beginnings of the brands of an ISO base media file. A picture has its `decoder` (Pillow's name) and its
    maximum of `pixels`.
    """

    code: str
    label: str
    endings: str
    becomes: str = ""
    starts: bytes = b""
    brands: tuple[bytes, ...] = ()
    decoder: str = ""
    pixels: int = 0


# A JPEG is reduced while it is read, so a large phone photo costs little; all other kinds must be unpacked whole.
_ROWS = (
    Kind("pdf", "PDF", ".pdf", starts=rb"%PDF-"),
    Kind("jpeg", "JPEG", ".jpg,.jpeg", starts=rb"\xff\xd8\xff", decoder="JPEG", pixels=120_000_000),
    Kind("png", "PNG", ".png", starts=rb"\x89PNG\r\n\x1a\n", decoder="PNG", pixels=30_000_000),
    Kind("odt", "ODT", ".odt"),
    Kind("ods", "ODS", ".ods"),
    Kind("docx", "Word", ".docx", "pdf"),
    # An AVIF names the brands of HEIC too, so it is recognised first.
    Kind("avif", "", ".avif", "jpeg", decoder="AVIF", pixels=30_000_000, brands=(b"avif", b"avis")),
    # Still pictures; other brands are films or sound.
    Kind(
        "heif",
        "HEIC",
        ".heic,.heif",
        "jpeg",
        decoder="HEIF",
        pixels=30_000_000,
        brands=(b"hei", b"hev", b"mif", b"msf", b"mia", b"avci", b"jpeg", b"j2ki"),
    ),
    Kind("webp", "", ".webp", "jpeg", rb"RIFF....WEBP", decoder="WEBP", pixels=50_000_000),
    Kind("bmp", "", ".bmp", "jpeg", rb"BM....\0{4}", decoder="BMP", pixels=50_000_000),
    Kind("tiff", "", ".tif,.tiff", "pdf", rb"II\*\0|MM\0\*"),
)

EVERY_KIND = {kind.code: kind for kind in _ROWS}
# What is kept.
KINDS = tuple(kind.code for kind in _ROWS if not kind.becomes)
# Kinds that are accepted and turned into another one, by what they become.
CONVERTED = {kind.code: kind.becomes for kind in _ROWS if kind.becomes}


def by_first_bytes(head: bytes) -> str:
    """Return the kind that begins like this; "" for none of these, and for archives (see `package`)."""
    brands = _brands(head)
    for kind in _ROWS:
        if kind.starts and re.match(kind.starts, head, re.DOTALL):
            return kind.code
        if kind.brands and any(brand.startswith(kind.brands) for brand in brands):
            return kind.code
    return ""


def _brands(head: bytes) -> list[bytes]:
    """Return the main brand of an ISO base media file and the compatible ones, because phones use both."""
    if head[4:8] != b"ftyp":
        return []
    length = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]


def taken_for(kinds: tuple[str, ...]) -> list[Kind]:
    """Return the rows of these kinds, in their order, followed by the kinds that are turned into one of them."""
    return [*(EVERY_KIND[kind] for kind in kinds), *(kind for kind in _ROWS if kind.becomes in kinds)]

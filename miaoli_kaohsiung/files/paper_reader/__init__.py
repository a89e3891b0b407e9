"""Reads the square codes on scanned pages, in a process of its own: the file comes from outside.

Knows nothing of the portal: what a code means is read by `lib.paper_codes`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pypdfium2
import zxingcpp
from PIL import Image

# Pages are looked at as a scanner would give them; a larger picture only costs time.
DOTS_PER_INCH = 200
MOST_PIXELS = 3500


class Page(TypedDict):
    """The texts of the codes on a page, and by how many degrees it must be turned clockwise to stand upright."""

    codes: list[str]
    turn: int


class Refused(Exception):  # it is an answer
    """What cannot be read; the code is for the words that people see."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(source: Path, most_pages: int) -> list[Page]:
    """Return what stands on each page of a PDF or on a picture. Raises Refused."""
    return [_page(picture) for picture in _pictures(source, most_pages)]


def _pictures(source: Path, most_pages: int) -> Iterator[Image.Image]:
    if source.open("rb").read(5) != b"%PDF-":
        with Image.open(source) as picture:
            picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
            yield picture.convert("L")
        return
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error
    if len(document) > most_pages:
        raise Refused("too_many_pages")
    for page in document:
        scale = min(DOTS_PER_INCH / 72, MOST_PIXELS / max(page.get_size()))
        yield page.render(scale=scale, grayscale=True).to_pil()


def _page(picture: Image.Image) -> Page:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    turn = round(found[0].orientation / 90) * 90 % 360 if found else 0
    return Page(codes=[code.text for code in found], turn=(360 - turn) % 360)

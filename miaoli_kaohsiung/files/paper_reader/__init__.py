"""Reads the square codes on scanned pages, in a process of its own: the file comes from outside.

Knows nothing of the portal: what a code means is read by `lib.paper_codes`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

# Pages are looked at as a scanner would give them; a larger picture only costs time.
DOTS_PER_INCH = 200
MOST_PIXELS = 3500
# Two side by side; one of them is easily found alone, in the better light.
CODES_OF_AN_INVOICE = 2


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
    hard = not _is_pdf(source)
    return [_page(picture, hard=hard) for picture in _pictures(source, most_pages)]


def _is_pdf(source: Path) -> bool:
    return source.open("rb").read(5) == b"%PDF-"


def _pictures(source: Path, most_pages: int) -> Iterator[Image.Image]:
    if not _is_pdf(source):
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


def _page(picture: Image.Image, *, hard: bool) -> Page:
    """Look for codes; on a photo (`hard`), where fewer are found than an e-invoice has, again in other lights and sizes."""
    found = _codes(picture)
    for changed in _changed(picture) if hard else ():
        if len(found) >= CODES_OF_AN_INVOICE:
            break
        known = {code.text for code in found}
        found += [code for code in _codes(changed) if code.text not in known]
    turn = round(found[0].orientation / 90) * 90 % 360 if found else 0
    return Page(codes=[code.text for code in found], turn=(360 - turn) % 360)


def _codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)))


def _changed(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield a dim photo with its full range of light, one in uneven light or with a fold evened out, a blurred one sharper,
    a small one larger, a large one smaller.
    """
    bright = ImageOps.autocontrast(picture, cutoff=2)
    yield bright
    smooth = bright.filter(ImageFilter.GaussianBlur(1.2))
    yield smooth
    for part in (25, 60):
        yield _evened(bright, max(bright.size) // part)
        yield _evened(smooth, max(bright.size) // part)
    yield bright.filter(ImageFilter.UnsharpMask(radius=4, percent=300))
    width, height = picture.size
    for share in (0.5, 2.0):
        if max(width, height) * share <= MOST_PIXELS:
            resized = bright.resize((round(width * share), round(height * share)), Image.Resampling.LANCZOS)
            yield resized
            yield resized.filter(ImageFilter.UnsharpMask(radius=6, percent=300))
            yield _evened(resized.filter(ImageFilter.GaussianBlur(1.2)), max(resized.size) // 40)


def _evened(picture: Image.Image, radius: int) -> Image.Image:
    """Return the picture with each point compared with what lies around it, instead of with the whole picture."""
    around = picture.filter(ImageFilter.BoxBlur(radius))
    return ImageChops.subtract(picture, around, scale=0.5, offset=128)

"""What a picture looks like as a number, in a process of its own: the file comes from outside.

Two pictures of one paper (smaller, compressed again, turned by the camera) have numbers that differ in few bits; two papers
differ in many, forms filled in differently included.
"""

from pathlib import Path

import imagehash
import pypdfium2
from PIL import Image, ImageOps, ImageStat

# Bits on a side: with fewer, two receipts of one form would be one.
SIDE = 32
# Larger pictures only cost time.
MOST_PIXELS = 1600
# What differs less in light than this says nothing: a blank page.
LEAST_CONTRAST = 24


def look(source: Path) -> str:
    """Return the number in hexadecimal digits, of a PDF that of its first page; "" for a blank page and what is no picture."""
    try:
        picture = _picture(source)
    except (OSError, ValueError, pypdfium2.PdfiumError):
        return ""
    ((darkest, lightest),) = ImageStat.Stat(picture).extrema
    if lightest - darkest < LEAST_CONTRAST:
        return ""
    return str(imagehash.phash(picture, hash_size=SIDE))


def _picture(source: Path) -> Image.Image:
    if source.open("rb").read(5) == b"%PDF-":
        page = pypdfium2.PdfDocument(source)[0]
        drawn: Image.Image = page.render(scale=min(2, MOST_PIXELS / max(page.get_size())), grayscale=True).to_pil()
        return drawn
    with Image.open(source) as picture:
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
        return upright.convert("L")

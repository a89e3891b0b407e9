"""Draws one page of a PDF as a picture, in a process of its own: the file comes from outside. Knows nothing of the portal."""

import io
from pathlib import Path

import pypdfium2

# Sharp on a pane of half a wide screen, and bound for a page of any shape.
DOTS_PER_INCH = 130
MOST_PIXELS = 2600


class Refused(Exception):  # it is an answer
    """What cannot be drawn."""


def draw(source: Path, number: int) -> bytes:
    """Return the page (counted from 1) as PNG. Raises Refused."""
    try:
        document = pypdfium2.PdfDocument(source)
        page = document[number - 1]
        scale = min(DOTS_PER_INCH / 72, MOST_PIXELS / max(page.get_size()))
        picture = page.render(scale=scale).to_pil()
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise Refused from error
    out = io.BytesIO()
    picture.convert("P", colors=64).save(out, "PNG")
    return out.getvalue()

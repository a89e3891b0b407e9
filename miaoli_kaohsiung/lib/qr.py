"""QR codes, as SVG that stands inside a page or a document."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BEGIN = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'width="\d+mm" height="\d+mm"')


def svg(text: str, side_mm: int = 40, *, title: str = "") -> SafeString:
    """Return the picture of a text: black squares with the quiet margin that scanners ask for.

    A picture says nothing to a screen reader: a page says beside it what it is for, a document needs the `title`.
    """
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    drawn: str = code.make_image().to_string(encoding="unicode")
    drawn = _SIZE.sub(f'width="{side_mm}mm" height="{side_mm}mm"', drawn, count=1)
    if title:
        drawn = _BEGIN.sub(lambda found: f"{found[0]}<title>{escape(title)}</title>", drawn, count=1)
    return mark_safe(drawn)  # noqa: S308 -- squares, and an escaped title

"""QR codes, as SVG that stands inside a page or a document."""

import re

from django.utils.safestring import SafeString, mark_safe

_SIZE = re.compile(r'width="\d+mm" height="\d+mm"')


def svg(text: str, side_mm: int = 40) -> SafeString:
    """Return the picture of a text: black squares with the quiet margin that scanners ask for. Whoever shows it says
    beside it what it is for, because a picture without that says nothing to a screen reader.
    """
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    drawn: str = code.make_image().to_string(encoding="unicode")
    return mark_safe(_SIZE.sub(f'width="{side_mm}mm" height="{side_mm}mm"', drawn, count=1))  # noqa: S308 -- squares only

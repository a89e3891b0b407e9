"""The papers that people upload, made here: small PDFs and a picture. Each goes through the gate once."""

import io
from functools import cache
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from pypdf import PdfWriter

from grants.models import SettlementDocument
from grants.rules import catalogue
from miaoli_kaohsiung.files.services import Checked, check

PICTURES = {"photos", "vouchers", "領據", "估價單"}


def paper(kind: str, number: int = 0) -> Checked:
    """A paper of the kind, named as a person names it; pictures of different numbers differ."""
    checked = _picture(number) if kind in PICTURES else _page()
    ending = checked.name.rpartition(".")[2]
    known = catalogue.documents().get(kind)
    name = known.name if known else dict(SettlementDocument.Kind.choices).get(kind, kind)
    return Checked(
        f"{name}.{ending}",
        checked.found,
        checked.path,
        checked.size,
        checked.sha256,
        checked.folder,
    )


@cache
def _page() -> Checked:
    writer, data = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": "示範文件"})
    writer.write(data)
    return check(SimpleUploadedFile("page.pdf", data.getvalue(), "application/pdf"))


@cache
def _picture(number: int) -> Checked:
    picture, data = Image.new("RGB", (640, 420), "#f4efe2"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, 616, 396), outline="#7a5c3a", width=4)
    draw.ellipse((420, 220, 580, 380), outline="#b3261e", width=6)
    for row in range(6):
        end = 120 + crc32(f"{number}-{row}".encode()) % 281 if number else 380
        draw.line((60, 80 + row * 48, end, 80 + row * 48), fill="#b9a88a", width=18 if number else 3)
    picture.save(data, "PNG")
    return check(SimpleUploadedFile("picture.png", data.getvalue(), "image/png"))

"""Files of every sort, made on the spot: sound ones, and ones that only pretend."""

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
CONTENT = f'<o:document-content xmlns:o="{OFFICE}"><o:scripts/><o:body>內容</o:body></o:document-content>'

PROGRAM = b"MZ\x90\x00" + bytes(200)


def pdf(pages: int = 1, change=None) -> bytes:
    """A PDF; `change(writer)` may put something into it."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if change:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **entries: str) -> DictionaryObject:
    values = {NameObject(f"/{name}"): TextStringObject(value) for name, value in entries.items()}
    return DictionaryObject({NameObject("/S"): NameObject(kind), **values})


def opening(kind: str, **entries: str):
    """Change: an action that runs when the document is opened."""

    def change(writer: PdfWriter) -> None:
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(action(kind, **entries))

    return change


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "1" else None).save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A phone photo lying on its side, with place and device noted."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (22.0, 53.0, 1.0)
    return picture(exif=exif, comment=b"SecretComment")


def odf(mimetype: str = ODT, parts: dict[str, str | bytes] | None = None, **options) -> bytes:
    """An OpenDocument package; `parts` adds entries or replaces content.xml and the manifest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mimetype, compress_type=options.get("compress_mimetype", zipfile.ZIP_STORED))
        for name, data in ({"content.xml": CONTENT, "META-INF/manifest.xml": MANIFEST} | (parts or {})).items():
            if data is not None:
                package.writestr(name, data)
        package.comment = options.get("comment", b"")
    return out.getvalue()


def archive(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()

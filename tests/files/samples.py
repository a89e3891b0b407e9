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

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MANIFEST_NS = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
LOCKED_MANIFEST = f'<m:manifest xmlns:m="{_MANIFEST_NS}"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for name, full in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("form", "form"),
    )
)
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


def content(inside: str) -> str:
    """A content.xml with something in it."""
    return (
        f'<office:document-content {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' xmlns:xforms="http://www.w3.org/2002/xforms">{inside}</office:document-content>'
    )


def linking(element: str, target: str) -> str:
    return content(f'<{element} xlink:href="{target}"/>')


def formula(words: str) -> str:
    return content(f"<table:table-cell table:formula='{words}'/>")


REACHING = [
    linking("draw:image", "http://evil.example/a.png"),
    linking("draw:image", "//evil.example/share/a.png"),
    linking("draw:image", "../../a.png"),
    linking("text:section-source", "file:///etc/passwd"),
    linking("text:a", "file:///etc/passwd"),
    linking("form:form", "http://evil.example/"),
    linking("draw:floating-frame", ""),
    linking("draw:applet", ""),
    linking("draw:plugin", ""),
    content("<xforms:model/>"),
    content("<table:table-source/>"),
    content("<office:dde-source/>"),
    formula('of:=DDE("cmd";"/c calc";"x")'),
    formula("msoxl:=cmd|&apos;/c calc&apos;!A0"),
    formula('of:=WEBSERVICE("http://evil.example/")'),
    formula("of:=&apos;file:///c:/x.ods&apos;#$a.A1"),
    formula("of:=[&apos;x.ods&apos;#$a.A1]*2"),
    formula('of:=[&apos;../share/x.ods&apos;#a.A1]&amp;"是"'),
    content("<table:named-expression table:expression='of:=WEBSERVICE(\"http://evil.example/\")'/>"),
    content('<table:named-range table:cell-range-address="&apos;file:///c:/x.ods&apos;#$a.$A$1"/>'),
    content(f'<c:condition xmlns:c=\'{CALCEXT}\' c:value=\'formula-is(DDE("cmd";"/c calc";"x"))\'/>'),
]


def heif(brand: bytes = b"") -> bytes:
    """A photo as phones keep it, with another main brand where one is given."""
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (60, 40))).save(out)
    data = out.getvalue()
    return data[:8] + brand + data[12:] if brand else data


def fax(pages: int) -> bytes:
    """A TIFF of several pages in black and white."""
    out = io.BytesIO()
    sheets = [Image.new("1", (200, 280), 1) for _page in range(pages)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    """A small Word document."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kinds = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}">{kinds}'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}"'
            ' Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
        }
    )

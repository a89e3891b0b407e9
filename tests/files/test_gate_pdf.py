"""A PDF at the gate: what acts is taken out of it, what hides or is locked is refused, the rest stays."""

import io
import struct
import zipfile
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from miaoli_kaohsiung.files.gate import Found

from . import samples
from .judging import judge, reason


def attach(writer: PdfWriter) -> None:
    writer.add_attachment("a.exe", samples.PROGRAM)


def annotate(writer: PdfWriter) -> None:
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): samples.action("/JavaScript", JS="app.alert(1)"),
        }
    )
    writer.add_annotation(0, link)


def named_script(writer: PdfWriter) -> None:
    names = DictionaryObject({NameObject("/JavaScript"): samples.action("/JavaScript", JS="app.alert(1)")})
    writer._root_object[NameObject("/Names")] = names


def form_with_xfa(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<x/>")})
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)


def film(writer: PdfWriter) -> None:
    writer.add_annotation(0, DictionaryObject({NameObject("/Subtype"): NameObject("/RichMedia")}))


def attach_empty(writer: PdfWriter) -> None:
    """What some writers leave: a list of attachments without any."""
    names = DictionaryObject({NameObject("/EmbeddedFiles"): DictionaryObject({NameObject("/Names"): ArrayObject()})})
    writer._root_object[NameObject("/Names")] = names


def outer_stream(writer: PdfWriter) -> None:
    stream = StreamObject()
    stream[NameObject("/F")] = TextStringObject("http://evil.example/x")
    writer._add_object(stream)


def drawing_from(key: str):
    """A drawing whose real contents lie in another file."""

    def change(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
        file = DictionaryObject({NameObject("/F"): TextStringObject("//evil.example/share/x.pdf")})
        stream[NameObject(key)] = DictionaryObject({NameObject("/2.0"): file}) if key == "/OPI" else file
        writer._add_object(stream)

    return change


def linked(url: str, **more):
    def change(writer: PdfWriter) -> None:
        action = samples.action("/URI", URI=url)
        action.update({NameObject(f"/{name}"): value for name, value in more.items()})
        link = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/Link"), "/A": action}
        writer.add_annotation(0, DictionaryObject({NameObject(name): value for name, value in link.items()}))

    return change


def page_action(writer: PdfWriter) -> None:
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): samples.action("/GoToR", F="//evil.example/x")})


def field_format(writer: PdfWriter) -> None:
    """As county forms have it: a field that puts the thousands' comma."""
    script = samples.action("/JavaScript", JS="AFNumber_Format(0, 0, 0, 0, '', true);")
    field = DictionaryObject(
        {NameObject("/FT"): NameObject("/Tx"), NameObject("/AA"): DictionaryObject({NameObject("/F"): script})}
    )
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (form_with_xfa, "pdf_dynamic"),
        (film, "pdf_attachment"),
        (attach, "pdf_attachment"),
        (lambda writer: writer.encrypt("secret"), "pdf_encrypted"),
    ],
)
def test_a_pdf_that_holds_more_than_pages_or_is_locked_is_refused(tmp_path, change, code):
    assert reason(samples.pdf(change=change), tmp_path) == code


ACTING = {
    "a script": samples.opening("/JavaScript", JS="app.alert(1)"),
    "a program": samples.opening("/Launch", F="cmd.exe"),
    "a form sent": samples.opening("/SubmitForm", F="http://x"),
    "another file": samples.opening("/GoToR", F="//evil.example/share/x"),
    "an attached file": samples.opening("/GoToE"),
    "a page fetched when opened": samples.opening("/URI", URI="http://evil.example/"),
    "print when opened": samples.opening("/Named", N="Print"),
    "a page's own action": page_action,
    "a named script": named_script,
    "a press that runs a script": annotate,
    "a link that is a script": linked("javascript:app.alert(1)"),
    "a link to a file": linked("file:///etc/passwd"),
    "a link with more behind it": linked("http://a.example/", Next=samples.action("/Launch", F="cmd.exe")),
    "a stream from elsewhere": outer_stream,
    "a page of another file": drawing_from("/Ref"),
    "a picture that the printer fetches": drawing_from("/OPI"),
    "a field that writes its commas": field_format,
}


@pytest.mark.parametrize("what", ACTING)
def test_what_acts_is_taken_out_of_a_pdf_and_said(tmp_path, what):
    found = judge(samples.pdf(3, ACTING[what]), tmp_path)
    assert found == Found("pdf", pages=3, rewritten=True, note="neutralised")
    kept = (tmp_path / "target").read_bytes()
    words = (
        b"/JavaScript",
        b"/Launch",
        b"/SubmitForm",
        b"/GoToR",
        b"/GoToE",
        b"/AA",
        b"/JS",
        b"evil",
        b"cmd.exe",
        b"/OpenAction",
        b"file:",
    )
    assert [word for word in words if word in kept] == []
    # What was made passes as it is.
    assert judge(kept, tmp_path) == Found("pdf", pages=3)


@pytest.mark.parametrize(
    "change",
    [linked("https://www.example.org/"), linked("mailto:a@example.org"), samples.opening("/GoTo"), attach_empty, None],
    ids=["link", "mail", "place in the document", "no attachment", "plain"],
)
def test_ordinary_links_stay_byte_for_byte(tmp_path, change):
    assert judge(samples.pdf(change=change), tmp_path) == Found("pdf", pages=1)


@pytest.mark.parametrize("how", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_pdf_locked_against_editing_alone_passes(tmp_path, how):
    """Every reader opens it without a password, and whoever sends it often has none."""
    data = samples.pdf(2, lambda writer: writer.encrypt("", "owner", algorithm=how))
    assert judge(data, tmp_path) == Found("pdf", pages=2)


def test_a_script_in_a_locked_pdf_is_taken_out(tmp_path):
    def change(writer: PdfWriter) -> None:
        samples.opening("/JavaScript", JS="app.alert(1)")(writer)
        writer.encrypt("", "owner", algorithm="AES-256")

    assert judge(samples.pdf(change=change), tmp_path).note == "neutralised"
    assert not PdfReader(tmp_path / "target").is_encrypted


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"From: scanner\r\n\r\n"])
@pytest.mark.parametrize("after", [b"", bytes(80_508), b"\n\n\x1a", b"<!-- sent by a gateway -->"])
def test_what_every_reader_overlooks_before_and_behind_goes(tmp_path, before, after):
    data = samples.pdf(2)
    assert judge(before + data + after, tmp_path) == Found("pdf", pages=2, rewritten=True)
    kept = (tmp_path / "target").read_bytes()
    assert (kept[:5], kept.rstrip()[-5:]) == (b"%PDF-", b"%%EOF")


def test_a_name_written_with_escapes_is_found(tmp_path):
    data = samples.pdf(change=samples.opening("/JavaScript"))
    assert judge(data.replace(b"/JavaScript", b"/Java#53cript"), tmp_path).note == "neutralised"
    assert judge(data.replace(b"/JavaScript", b"/#4aavaScript"), tmp_path).note == "neutralised"


def test_a_script_in_a_compressed_object_is_found(tmp_path):
    """In an object stream, which the file's plain bytes do not show."""
    inner = b"5 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    packed = zlib.compress(inner)
    head = b"%PDF-1.5\n"
    bodies = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (len(packed), packed),
    ]
    offsets, data = [], head
    for body in bodies:
        offsets.append(len(data))
        data += body
    start = len(data)
    rows = b"".join(
        struct.pack(">BHB", *row) for row in [(0, 0, 0), *((1, o, 0) for o in offsets), (2, 4, 0), (1, start, 0)]
    )
    data += (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(rows), rows, start)
    )
    assert b"/JavaScript" not in data
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    assert judge(data, tmp_path).note == "neutralised"
    assert "/OpenAction" not in PdfReader(tmp_path / "target").root_object


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", samples.archive({"a": "a"}), samples.PROGRAM])
def test_what_hides_behind_a_pdf_is_gone_or_refused(tmp_path, tail):
    assert judge(samples.pdf() + tail, tmp_path) == Found("pdf", pages=1, rewritten=True)
    assert tail not in (tmp_path / "target").read_bytes()
    assert reason(samples.pdf() + tail + b"x" * 2000, tmp_path) == "pdf_tail"


def test_a_pdf_that_is_an_archive_too_is_one_no_more(tmp_path):
    out = io.BytesIO(samples.pdf())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("a", "a")
    judge(out.getvalue(), tmp_path)
    assert not zipfile.is_zipfile(tmp_path / "target")

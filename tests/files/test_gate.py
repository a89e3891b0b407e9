"""The gate judges by content. Every refusal stands beside a sound file of its kind."""

import io
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from miaoli_kaohsiung.files import messages, sandbox
from miaoli_kaohsiung.files.gate import KINDS, Found, Refused, inspect, limits

from . import samples

SOUND = {
    "pdf": (samples.pdf(3), Found("pdf", pages=3)),
    "jpeg": (samples.picture(), Found("jpeg", width=60, height=40, rewritten=True)),
    "png": (samples.picture("PNG", mode="RGBA"), Found("png", width=60, height=40, rewritten=True)),
    "odt": (samples.odf(), Found("odt")),
    "ods": (samples.odf(samples.ODS, {"Pictures/a.png": b"\x89PNG"}), Found("ods")),
}


def judge(data: bytes, folder, kinds=KINDS) -> Found:
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    return inspect(source, target, kinds)


def reason(data: bytes, folder) -> str:
    with pytest.raises(Refused) as refused:
        judge(data, folder)
    assert refused.value.code in messages.REASONS
    return refused.value.code


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_file_passes(tmp_path, kind):
    data, found = SOUND[kind]
    assert judge(data, tmp_path) == found


@pytest.mark.parametrize("kind", SOUND)
def test_a_kind_that_is_not_asked_for_is_refused(tmp_path, kind):
    with pytest.raises(Refused, match=r"^kind$"):
        judge(SOUND[kind][0], tmp_path, tuple(set(KINDS) - {kind}))


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused(tmp_path, kind, kept):
    data = SOUND[kind][0]
    assert reason(data[: int(len(data) * kept)], tmp_path) in {"pdf_broken", "picture_broken", "odf_broken"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (samples.PROGRAM, "program"),
        (b"\x7fELF" + bytes(99), "program"),
        (b"#!/bin/sh\nrm -rf /", "program"),
        (samples.OLE + bytes(99), "office"),
        (samples.OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (samples.OLE + "EncryptedPackage".encode("utf-16-le"), "office_encrypted"),
        (samples.archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "office"),
        (samples.archive({"[Content_Types].xml": "", "word/document.xml": "<a/>"}), "word_failed"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "picture_broken"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(99), "film"),
        (samples.archive({"a.txt": "a"}), "archive"),
        (samples.archive({"content.xml": "<a/>"}), "odf_mimetype"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind"),
        (b"GIF89a" + bytes(99), "kind"),
        ("一般文字".encode(), "kind"),
        (b" " * 1024 + samples.pdf(), "kind"),
        (samples.PROGRAM[:40] + samples.pdf(), "program"),
    ],
)
def test_everything_else_is_refused_with_what_it_is(tmp_path, data, code):
    assert reason(data, tmp_path) == code


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


def bomb_of_objects() -> bytes:
    """A list of objects that unpacks to 60 MB."""
    packed = zlib.compress(b"1 0 " + b" " * 60_000_000)
    head = b"%PDF-1.5\n"
    body = (
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    )
    body %= (len(packed), packed)
    rows = struct.pack(">BIB", 0, 0, 0) + struct.pack(">BIB", 2, 4, 0) + struct.pack(">BIB", 1, len(head), 0)
    table = b"6 0 obj\n<< /Type /XRef /Size 5 /Index [0 2 4 1] /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    return head + body + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF\n" % (len(head) + len(body))


def scans_without_end() -> bytes:
    """A progressive JPEG whose last scan is told again and again."""
    data = samples.picture(size=(2000, 2000), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 60 + data[-2:]


COSTLY = {
    "objects packed": (bomb_of_objects(), "too_complex"),
    "objects without number": (b"%PDF-1.4\n" + b"1 0 obj\n<<>>\nendobj\n" * 70_000 + b"%%EOF", "too_complex"),
    "names without end": (b"%PDF-1.4\n" + b"/a#" * 3_000_000 + b"\n%%EOF", "pdf_broken"),
    "scans without end": (scans_without_end(), "picture_complex"),
    "points without number": (samples.picture("PNG", size=(5000, 5000)), "picture_too_large"),
}


@pytest.mark.parametrize("what", COSTLY)
def test_what_would_cost_too_much_is_refused_cheaply(tmp_path, what):
    """Below two seconds of the processor, as everything that is not converted."""
    data, code = COSTLY[what]
    (tmp_path / "source").write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Refused, match=rf"^{code}$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 2


def test_the_limits_are_those_that_were_promised():
    assert limits.CHECK.seconds <= 2
    assert limits.CHECK.memory < 200 * limits.MEBIBYTE


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (samples.picture("WEBP", mode="RGBA"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.picture("BMP"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.heif(), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.heif(b"hevx"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.fax(3), Found("pdf", pages=3, rewritten=True, note="to_pdf")),
        (samples.word("課程表", "第一週 認識社區"), Found("pdf", pages=1, rewritten=True, note="to_pdf_words")),
    ],
    ids=["webp", "bmp", "heic", "heic of another brand", "tiff", "word"],
)
def test_other_kinds_are_turned_into_pdf_or_jpeg(tmp_path, data, found):
    assert judge(data, tmp_path) == found
    # What was made passes at the gate itself, and every note has its sentence.
    assert judge((tmp_path / "target").read_bytes(), tmp_path).kind == found.kind
    assert messages.note(found)


def test_the_words_of_a_word_document_are_in_its_pdf(tmp_path):
    judge(samples.word("課程表", "第一週 認識社區"), tmp_path)
    text = PdfReader(tmp_path / "target").pages[0].extract_text().replace("\n", "")
    assert "課程表" in text
    assert "第一週 認識社區" in text


def test_a_field_for_pictures_takes_no_word_document(tmp_path):
    with pytest.raises(Refused, match=r"^kind$"):
        judge(samples.word("課程表"), tmp_path, ("jpeg", "png"))


def test_gates_wait_for_each_other(tmp_path, monkeypatch):
    (tmp_path / "source").write_bytes(samples.pdf())
    monkeypatch.setattr(sandbox, "AT_ONCE", 1)
    monkeypatch.setattr(sandbox, "_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(sandbox.tempfile, "gettempdir", lambda: str(tmp_path))
    with sandbox._turn(), pytest.raises(Refused, match=r"^busy$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)
    assert sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS) == Found("pdf", pages=1)


def test_a_picture_forgets_where_and_with_what_it_was_taken(tmp_path):
    data = samples.photo_with_place()
    assert b"SecretPhone" in data
    # It lay on its side, as phones store it; now it stands.
    assert judge(data, tmp_path) == Found("jpeg", width=40, height=60, rewritten=True)
    kept = (tmp_path / "target").read_bytes()
    with Image.open(io.BytesIO(kept)) as image:
        assert (dict(image.getexif()), image.size) == ({}, (40, 60))
    assert [word for word in (b"Secret", b"Exif", b"GPS") if word in kept] == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("tail", [b"<?php system('x') ?>", samples.archive({"a": "a"}), samples.PROGRAM])
def test_what_hides_behind_a_picture_is_gone(tmp_path, kind, tail):
    judge(samples.picture(kind) + tail, tmp_path)
    assert tail not in (tmp_path / "target").read_bytes()


def test_notes_in_a_png_are_gone(tmp_path):
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", "SecretNote")
    judge(samples.picture("PNG", pnginfo=notes, exif=b"Exif\x00\x00SecretExif"), tmp_path)
    assert b"Secret" not in (tmp_path / "target").read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode_passes(tmp_path, mode):
    assert judge(samples.picture("PNG", mode=mode), tmp_path).kind == "png"


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "YCbCr"])
def test_a_jpeg_of_any_mode_passes(tmp_path, mode):
    assert judge(samples.picture("JPEG", mode=mode), tmp_path).kind == "jpeg"


def test_a_large_photo_is_made_smaller(tmp_path):
    assert judge(samples.picture(size=(6000, 3000)), tmp_path) == Found("jpeg", width=4000, height=2000, rewritten=True)
    assert judge(samples.picture(size=(4000, 3000)), tmp_path) == Found("jpeg", width=4000, height=3000, rewritten=True)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_unread(tmp_path):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )
    assert reason(bomb, tmp_path) == "picture_too_large"


SCRIPT = "urn:oasis:names:tc:opendocument:xmlns:script:1.0"
XLINK = "http://www.w3.org/1999/xlink"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (samples.odf(parts={"Basic/Standard/Module1.xml": "<a/>"}), "odf_active"),
        (samples.odf(parts={"Scripts/python/a.py": "x"}), "odf_active"),
        (samples.odf(parts={"basic/x.xml": "<a/>"}), "odf_active"),
        (samples.odf(parts={"content.xml": f'<a xmlns:s="{SCRIPT}"><s:event-listener/></a>'}), "odf_active"),
        (samples.odf(parts={"content.xml": f'<a xmlns:q="{samples.OFFICE}"><q:script/></a>'}), "odf_active"),
        (samples.odf(parts={"content.xml": f'<a xmlns:x="{XLINK}" x:href="vnd.sun.star.script:a"/>'}), "odf_active"),
        (samples.odf(parts={"content.xml": f'<a xmlns:x="{XLINK}" x:href=" JavaScript:a"/>'}), "odf_active"),
        (samples.odf(parts={"content.xml": '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'}), "odf_broken"),
        (samples.odf(parts={"content.xml": "<a>" * 300 + "</a>" * 300}), "odf_bomb"),
        (samples.odf(parts={"content.xml": "<a><b></a>"}), "odf_broken"),
        (samples.odf(parts={"content.xml": None}), "odf_broken"),
        (samples.odf(parts={"META-INF/manifest.xml": None}), "odf_broken"),
        (samples.odf(parts={"../../etc/passwd": "x"}), "odf_broken"),
        (samples.odf(parts={"/etc/passwd": "x"}), "odf_broken"),
        (samples.odf(parts={"C:/x": "x"}), "odf_broken"),
        (samples.odf(parts={"a\\..\\b": "x"}), "odf_broken"),
        (samples.odf(parts={"CONTENT.xml": "<a/>"}), "odf_broken"),
        (samples.odf(compress_mimetype=zipfile.ZIP_DEFLATED), "odf_mimetype"),
        (samples.odf(comment=b"%PDF-"), "odf_broken"),
        (samples.odf() + b"<script>", "odf_broken"),
        (samples.odf(parts={"Pictures/a.png": bytes(5 * 1024 * 1024)}), "odf_bomb"),
        (samples.odf(parts={f"a{n}": "" for n in range(2001)}), "odf_bomb"),
        (samples.odf(parts={"META-INF/manifest.xml": samples.LOCKED_MANIFEST}), "odf_encrypted"),
        (samples.odf(parts={"encrypted-package": b"x", "content.xml": None}), "odf_encrypted"),
        (samples.odf(parts={"Object 1": samples.OLE + bytes(99)}), "odf_object"),
        (samples.odf(parts={"Pictures/a.png": samples.PROGRAM}), "odf_foreign"),
        (samples.odf(parts={"setup.bin": b"x"}), "odf_foreign"),
        *((samples.odf(parts={"content.xml": content}), "odf_reaching") for content in samples.REACHING),
        (samples.odf(parts={"content.xml": samples.linking("text:a", ".uno:Quit")}), "odf_active"),
        (samples.odf("application/epub+zip"), "odf_mimetype"),
        (samples.odf("application/vnd.oasis.opendocument.text-template"), "odf_other"),
    ],
)
def test_an_odf_package_that_is_not_sound_is_refused(tmp_path, data, code):
    assert reason(data, tmp_path) == code


def test_many_copies_of_one_large_part_are_refused(tmp_path):
    parts = {f"Pictures/{n}": bytes(1900 * 1024) for n in range(100)}
    assert reason(samples.odf(parts=parts), tmp_path) == "odf_bomb"


def test_a_declared_size_that_lies_is_refused(tmp_path):
    data = bytearray(samples.odf(parts={"content.xml": f"<a>{' ' * 1000}</a>"}))
    real = struct.pack("<I", 1007)
    assert data.count(real) == 2
    assert reason(bytes(data).replace(real, struct.pack("<I", 7)), tmp_path) == "odf_broken"


@pytest.mark.parametrize("kind", SOUND)
@settings(max_examples=200, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_are_answered_never_a_crash(tmp_path, kind, data):
    """Bytes changed, cut out, doubled or put in: either it is sound, or there is a reason for which there are words."""
    changed = bytearray(SOUND[kind][0])
    for _change in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed)))
        until = at + data.draw(st.integers(0, 40))
        changed[at:until] = data.draw(st.one_of(st.binary(max_size=12), st.just(bytes(changed[at:until] * 3))))
    try:
        answer = judge(bytes(changed), tmp_path).kind
    except Refused as refused:
        answer = refused.code
    assert answer in {kind, *messages.REASONS}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"MZ"]),
    body=st.binary(max_size=400),
)
def test_arbitrary_bytes_are_refused(tmp_path, head, body):
    assert reason(head + body, tmp_path) in messages.REASONS


@pytest.mark.parametrize("kind", SOUND)
def test_the_process_of_its_own_answers_the_same(tmp_path, kind):
    (tmp_path / "source").write_bytes(SOUND[kind][0])
    assert sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS) == SOUND[kind][1]
    (tmp_path / "source").write_bytes(samples.PROGRAM)
    with pytest.raises(Refused, match=r"^program$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)


@pytest.mark.parametrize(
    "program", ["import os; os.kill(os.getpid(), 9)", "print('no json')", "import time; time.sleep(9)"]
)
def test_a_process_that_dies_babbles_or_stalls_is_a_refusal(tmp_path, monkeypatch, program):
    monkeypatch.setattr(sandbox, "_START", program)
    monkeypatch.setattr(sandbox, "_SECONDS", 0.5)
    with pytest.raises(Refused, match=r"^too_complex$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)


def test_the_process_is_held_to_its_memory(tmp_path, monkeypatch):
    (tmp_path / "source").write_bytes(samples.pdf())
    monkeypatch.setattr(
        sandbox,
        "_START",
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import gate.__main__ as m; "
        "m.inspect = lambda *a: bytearray(3 * m.limits.CHECK.memory); m.main(*sys.argv[1:])",
    )
    with pytest.raises(Refused, match=r"^too_complex$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)


@pytest.mark.parametrize(
    "content",
    [
        samples.linking("text:a", "https://www.example.org/"),
        samples.linking("text:a", "mailto:a@example.org"),
        samples.linking("text:a", "#第一章"),
        samples.linking("draw:image", "Pictures/a.png"),
        samples.linking("draw:object", "./Object 1"),
        samples.formula('of:=HYPERLINK("https://www.example.org/";"網頁")'),
        samples.formula("of:=SUM([.A1:.A9])*1.05"),
    ],
)
def test_what_ordinary_documents_have_passes(tmp_path, content):
    assert judge(samples.odf(parts={"content.xml": content}), tmp_path) == Found("odt")


FIELD = Path(__file__).resolve().parents[3] / "shared" / "field" / "inputs"
FROM_THE_FIELD = {
    "bom-before.pdf": "pdf", "form-number-format.pdf": "pdf", "owner-locked.pdf": "pdf", "pdf_openaction_gotor_unc.pdf": "pdf",
    "line-saved.jpg": "jpeg", "heif-hevx.jpg": "picture_broken", "jpeg_many_scans.jpg": "picture_complex",
    "pdf_objstm_bomb_60MB.pdf": "too_complex", "password.ods": "odf_encrypted", "mimetype-missing.ods": "odf_mimetype",
    "ole-object.ods": "odf_object", "ods_dde_formula.ods": "odf_reaching", "odt_remote_image.odt": "odf_reaching",
}  # fmt: skip


@pytest.mark.skipif(not FIELD.is_dir(), reason="the collected files do not lie beside this checkout")
@pytest.mark.parametrize("name", FROM_THE_FIELD)
def test_files_that_people_sent(tmp_path, name):
    try:
        told = inspect(FIELD / name, tmp_path / "target").kind
    except Refused as refused:
        told = refused.code
    assert told == FROM_THE_FIELD[name]

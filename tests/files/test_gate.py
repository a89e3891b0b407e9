"""The gate judges by content. Every refusal stands beside a sound file of its kind."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from miaoli_kaohsiung.files import messages, sandbox
from miaoli_kaohsiung.files.gate import KINDS, Found, Refused, inspect

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
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "office"),
        (samples.archive({"[Content_Types].xml": "", "word/document.xml": ""}), "office"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "heif"),
        (samples.archive({"a.txt": "a"}), "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind"),
        (b"GIF89a" + bytes(99), "kind"),
        ("一般文字".encode(), "kind"),
        (b" " + samples.pdf(), "kind"),
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


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (samples.opening("/JavaScript", JS="app.alert(1)"), "pdf_active"),
        (samples.opening("/Launch", F="cmd.exe"), "pdf_active"),
        (samples.opening("/SubmitForm", F="http://x"), "pdf_active"),
        (samples.opening("/GoToE"), "pdf_active"),
        (named_script, "pdf_active"),
        (annotate, "pdf_active"),
        (form_with_xfa, "pdf_active"),
        (film, "pdf_active"),
        (attach, "pdf_active"),
        (lambda writer: writer.encrypt("secret"), "pdf_encrypted"),
        (lambda writer: writer.encrypt("", "owner"), "pdf_encrypted"),
    ],
)
def test_a_pdf_that_does_something_or_is_locked_is_refused(tmp_path, change, code):
    assert reason(samples.pdf(change=change), tmp_path) == code


@pytest.mark.parametrize("name", ["/JS", "/EF", "/XFA"])
def test_short_names_are_found_in_the_objects(tmp_path, name):
    def change(writer: PdfWriter) -> None:
        writer._add_object(DictionaryObject({NameObject(name): TextStringObject("x")}))

    assert reason(samples.pdf(change=change), tmp_path) in {"pdf_active", "pdf_attachment"}


def test_a_name_written_with_escapes_is_found(tmp_path):
    data = samples.pdf(change=samples.opening("/JavaScript"))
    assert reason(data.replace(b"/JavaScript", b"/Java#53cript"), tmp_path) == "pdf_active"
    assert reason(data.replace(b"/JavaScript", b"/#4aavaScript"), tmp_path) == "pdf_active"


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
    assert reason(data, tmp_path) == "pdf_active"
    # The same where the table that lists the objects is lost and has to be guessed.
    assert reason(data.replace(b"startxref\n%d" % start, b"startxref\n7"), tmp_path) in {"pdf_active", "pdf_broken"}


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", samples.archive({"a": "a"}), samples.PROGRAM])
def test_a_pdf_with_something_behind_it_is_refused(tmp_path, tail):
    assert reason(samples.pdf() + tail, tmp_path) in {"pdf_tail", "pdf_broken"}


def test_a_pdf_that_is_an_archive_too_is_refused(tmp_path):
    out = io.BytesIO(samples.pdf())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("a", "a")
        package.comment = b"%%EOF"
    assert reason(out.getvalue(), tmp_path) == "pdf_tail"


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
        (samples.odf(compress_mimetype=zipfile.ZIP_DEFLATED), "odf_broken"),
        (samples.odf(comment=b"%PDF-"), "odf_broken"),
        (samples.odf() + b"<script>", "odf_broken"),
        (samples.odf(parts={"Pictures/a.png": bytes(5 * 1024 * 1024)}), "odf_bomb"),
        (samples.odf(parts={f"a{n}": "" for n in range(2001)}), "odf_bomb"),
        (samples.odf("application/epub+zip"), "kind"),
        (samples.odf("application/vnd.oasis.opendocument.text-template"), "kind"),
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
    monkeypatch.setattr(
        sandbox,
        "_START",
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import gate.__main__ as m; "
        "m.inspect = lambda *a: bytearray(3 * m.MEMORY); m.main(*sys.argv[1:])",
    )
    with pytest.raises(Refused, match=r"^too_complex$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)

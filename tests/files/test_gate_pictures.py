"""Pictures at the gate, and the kinds that are turned into a picture or a PDF."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader

from miaoli_kaohsiung.files import messages
from miaoli_kaohsiung.files.gate import Found, Refused

from . import samples
from .judging import judge, reason


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (samples.picture("WEBP", mode="RGBA"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.picture("BMP"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.heif(), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.heif(b"hevx"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.picture("AVIF"), Found("jpeg", width=60, height=40, rewritten=True, note="to_jpeg")),
        (samples.fax(3), Found("pdf", pages=3, rewritten=True, note="to_pdf")),
        (samples.word("課程表", "第一週 認識社區"), Found("pdf", pages=1, rewritten=True, note="to_pdf_words")),
    ],
    ids=["webp", "bmp", "heic", "heic of another brand", "avif", "tiff", "word"],
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

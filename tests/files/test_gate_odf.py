"""OpenDocument files at the gate."""

import struct
import zipfile

import pytest

from miaoli_kaohsiung.files.gate import Found

from . import samples
from .judging import judge, reason

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
        samples.formula("of:=[$&apos;九月 #2&apos;.A1]+[.B1]"),
        samples.formula('of:="第&apos;#1&apos;場"'),
        samples.content('<table:named-range table:cell-range-address="$&apos;九月&apos;.$A$1:.$B$9"/>'),
    ],
)
def test_what_ordinary_documents_have_passes(tmp_path, content):
    assert judge(samples.odf(parts={"content.xml": content}), tmp_path) == Found("odt")

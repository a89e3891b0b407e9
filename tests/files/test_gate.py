"""The gate judges by content. Every refusal stands beside a sound file of its kind."""

import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from unittest.mock import ANY

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from miaoli_kaohsiung.files import messages, processes, sandbox
from miaoli_kaohsiung.files.gate import KINDS, Found, Refused, inspect, limits
from miaoli_kaohsiung.files.reader_server import KILLED
from miaoli_kaohsiung.files.served import Done

from . import samples
from .judging import SOUND, judge, reason
from .probes import served

# Files of each sort that are tried; `make soak` as many as were promised.
MANY = 1000 if os.environ.get("SOAK") else 200


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
    """A progressive JPEG whose last scan is repeated again and again."""
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
    done = processes.SERVED["gate"].ask(str(tmp_path / "source"), str(tmp_path / "target"), ",".join(KINDS))
    assert json.loads(done.written) == {"refused": code}
    assert done.processor < 2


def test_the_limits_are_those_that_were_promised():
    assert limits.CHECK.seconds <= 2
    assert limits.CHECK.memory < 200 * limits.MEBIBYTE


def test_gates_wait_for_each_other(tmp_path, monkeypatch):
    (tmp_path / "source").write_bytes(samples.pdf())
    monkeypatch.setattr(sandbox, "AT_ONCE", 1)
    monkeypatch.setattr(sandbox, "_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(sandbox.tempfile, "gettempdir", lambda: str(tmp_path))
    with sandbox._turn(), pytest.raises(Refused, match=r"^busy$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)
    assert sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS) == Found("pdf", pages=1)


@pytest.mark.parametrize("kind", SOUND)
@settings(max_examples=MANY, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=MANY, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.sampled_from(sorted(SOUND)),
    second=st.sampled_from(sorted(SOUND)),
    kept=st.integers(0, 400),
    between=st.binary(max_size=40),
)
def test_two_kinds_in_one_file_are_the_first_one_or_refused(tmp_path, first, second, kept, between):
    """A file that two programs would each open as their own is kept as what it begins with; a picture without the rest."""
    data = SOUND[first][0]
    (tmp_path / "target").unlink(missing_ok=True)
    # Its first bytes stay: a PDF may begin a little later than its file.
    both = data[: max(len(data) - kept, 40)] + between + SOUND[second][0]
    try:
        answer = judge(both, tmp_path).kind
    except Refused as refused:
        answer = refused.code
    assert answer in {first, *messages.REASONS}
    if answer in {"jpeg", "png"}:
        assert SOUND[second][0] not in (tmp_path / "target").read_bytes()[100:]


@settings(max_examples=MANY, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    ("program", "code"),
    [
        ("os.kill(os.getpid(), 9)", "too_complex"),
        ("raise ValueError", "too_complex"),
        ("print('no json')", "too_complex"),
        ("signal.pause()", "busy"),
        ("os.kill(os.getppid(), 9)", "busy"),
    ],
)
def test_a_process_that_dies_babbles_or_stalls_is_a_refusal(tmp_path, monkeypatch, program, code):
    """What the clock ends has had less of the processor than it may: the machine is busy, and the file may be sound."""
    server = served(
        f"import os, signal\ndef main(*words):\n    {program}\n", seconds=1.0 if "pause" in program else 30.0
    )
    monkeypatch.setitem(processes.SERVED, "gate", server)
    with pytest.raises(Refused, match=rf"^{code}$"):
        sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS)
    server.close()


def with_inspection(program: str):
    """A server of the gate that does this instead of looking at the file."""
    return served(f"import gate.__main__ as gate\ngate.inspect = lambda *words: {program}\nmain = gate.main\n")


def test_the_process_is_held_to_its_memory(tmp_path):
    (tmp_path / "source").write_bytes(samples.pdf())
    for size, written in ((1, b""), (3, b'{"refused": "too_complex"}\n')):
        server = with_inspection(f"bytearray({size} * gate.limits.CHECK.memory // 2)")
        done = server.ask(str(tmp_path / "source"), str(tmp_path / "target"), "pdf")
        assert done.written == written
        server.close()


def test_the_process_is_held_to_its_processor_time(tmp_path):
    """Its limits are as they were promised, and the system kills it at them."""
    (tmp_path / "source").write_bytes(samples.pdf())
    asked = (str(tmp_path / "source"), str(tmp_path / "target"), "pdf")
    limit, wanted = "gate.limits.resource.getrlimit", "gate.limits.resource.RLIMIT"
    server = with_inspection(f"print({limit}({wanted}_CPU), {limit}({wanted}_DATA), flush=True)")
    assert server.ask(*asked).written.decode() == f"(2, 3) ({limits.CHECK.memory}, {limits.CHECK.memory})\n"
    server.close()
    server = with_inspection("any(iter(int, 1))")
    assert server.ask(*asked) == Done(b"", KILLED, ANY)
    server.close()


SENT = Path(__file__).with_name("sent")
ANSWERS = {
    "bom-before.pdf": "pdf",
    "form-number-format.pdf": "pdf",
    "owner-locked.pdf": "pdf",
    "pdf_openaction_gotor_unc.pdf": "pdf",
    "line-saved.jpg": "jpeg",
    "heif-hevx.jpg": "picture_broken",
    "jpeg_many_scans.jpg": "picture_complex",
    "pdf_objstm_bomb_60MB.pdf": "too_complex",
    "password.ods": "odf_encrypted",
    "mimetype-missing.ods": "odf_mimetype",
    "ole-object.ods": "odf_object",
    "ods_dde_formula.ods": "odf_reaching",
    "odt_remote_image.odt": "odf_reaching",
}


def test_each_file_that_people_sent_has_its_answer():
    assert {path.name for path in SENT.iterdir()} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_files_that_people_sent(tmp_path, name):
    try:
        answer = inspect(SENT / name, tmp_path / "target").kind
    except Refused as refused:
        answer = refused.code
    assert answer == ANSWERS[name]


def test_what_the_usual_kinds_need_is_imported_once_and_fonts_are_left_out():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gate.__main__ as gate; gate.prepare(); print(*sys.modules)"
    )
    command = [sys.executable, "-I", "-c", code, str(Path(processes.__file__).parent)]
    names = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert {"pypdf", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "cryptography", "zipfile"} <= names
    assert not {"fontTools", "weasyprint", "mammoth", "django"} & names


def locked(writer: PdfWriter) -> None:
    writer.encrypt("", "owner", algorithm="AES-256")


def test_a_pdf_that_is_locked_against_editing_alone_passes_however_its_name_is_written(tmp_path):
    data = samples.pdf(change=locked)
    assert data.count(b"/Encrypt ") == 1
    for written in (b"/Encrypt ", b"/#45ncrypt "):
        (tmp_path / "source").write_bytes(data.replace(b"/Encrypt ", written))
        assert sandbox.inspect(tmp_path / "source", tmp_path / "target", KINDS) == Found("pdf", pages=1)

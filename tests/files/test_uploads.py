"""Uploads over the limit, as they arrive from the network."""

import tracemalloc

import pytest
from django import forms
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.test import RequestFactory

from miaoli_kaohsiung.files.fields import CheckedFileField

from . import samples

BOUNDARY = "limit"
MB = 1024 * 1024


class Form(forms.Form):
    before = forms.CharField()
    file = CheckedFileField()
    after = forms.CharField()


class Network:
    """A request body of any length that is never in memory as a whole."""

    def __init__(self, size: int, content: bytes = b""):
        self.parts = [
            self._field("before", "甲") + self._file_head(),
            content,
            size - len(content),
            b"\r\n" + self._field("after", "乙") + b"--limit--\r\n",
        ]
        self.length = sum(part if isinstance(part, int) else len(part) for part in self.parts)

    @staticmethod
    def _field(name: str, value: str) -> bytes:
        return f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()

    @staticmethod
    def _file_head() -> bytes:
        return (
            b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            b"Content-Type: application/pdf\r\n\r\n"
        )

    def read(self, size: int = -1) -> bytes:
        while self.parts and not self.parts[0]:
            self.parts.pop(0)
        if not self.parts:
            return b""
        part = self.parts[0]
        if isinstance(part, int):
            taken = min(part, size)
            self.parts[0] = part - taken
            return bytes(taken)
        self.parts[0] = part[size:]
        return part[:size]

    readline = read


def request(size: int, content: bytes = b"") -> HttpRequest:
    network = Network(size, content)
    made = RequestFactory().post("/")
    made.META |= {
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(network.length),
        "wsgi.input": network,
    }
    made.content_type, made.content_params = "multipart/form-data", {"boundary": BOUNDARY}
    made._stream = network
    return made


def form_of(made: HttpRequest) -> Form:
    return Form(made.POST, made.FILES)


def test_two_hundred_megabytes_are_answered_at_the_field_and_held_nowhere(settings, monkeypatch):
    written = []
    monkeypatch.setattr(
        TemporaryFileUploadHandler,
        "receive_data_chunk",
        lambda self, raw_data, start: self.file.write(raw_data) and written.append(len(raw_data)),
    )
    tracemalloc.start()
    form = form_of(request(200 * MB))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert form.errors == {"file": ["這個檔案有 200.0\xa0MB，超過上限 20.0\xa0MB。請縮小檔案，或分成幾個檔案上傳。"]}
    # What was typed before and after the file is there.
    assert (form.cleaned_data["before"], form.cleaned_data["after"]) == ("甲", "乙")
    assert sum(written) <= settings.MAX_UPLOAD_BYTES
    assert peak < 8 * MB


@pytest.mark.parametrize("kept_in", ["memory", "file"])
def test_a_file_under_the_limit_arrives_whole(kept_in):
    title = "x" * (3 * MB if kept_in == "file" else 3)
    data = samples.pdf(change=lambda writer: writer.add_metadata({"/Title": title}))
    form = form_of(request(len(data), data))
    assert form.errors == {}
    assert form.cleaned_data["file"].size == len(data)


def test_the_limit_is_exact(settings):
    data = samples.pdf()
    settings.MAX_UPLOAD_BYTES = len(data)
    assert form_of(request(len(data), data)).errors == {}
    settings.MAX_UPLOAD_BYTES = len(data) - 1
    assert list(form_of(request(len(data), data)).errors) == ["file"]

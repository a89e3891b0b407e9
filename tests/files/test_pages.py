"""A page of a stored PDF as a picture: only pages that are there, drawn apart, and nothing that could act."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from PIL import Image

from miaoli_kaohsiung.files import pages
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from . import samples

pytestmark = pytest.mark.django_db


def stored(data: bytes, *, count: int | None, kind: str = "application/pdf") -> StoredFile:
    path = default_storage.save("private/test/page.pdf", ContentFile(data))
    columns = {"size": len(data), "sha256": "0" * 64, "uploaded_at": clock.now()}
    return StoredFile.objects.create(name="page.pdf", content_type=kind, path=path, pages=count, **columns)


def test_each_page_is_a_picture_that_no_other_site_frames_and_no_cache_keeps(tmp_path):
    answer = pages.page_picture(stored(samples.pdf(2), count=2), 2)
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    drawn = tmp_path / "page.png"
    drawn.write_bytes(answer.content)
    assert Image.open(drawn).size == (1075, 1521)


@pytest.mark.parametrize(
    ("data", "count", "kind", "number"),
    [
        (samples.pdf(2), 2, "application/pdf", 0),
        (samples.pdf(2), 2, "application/pdf", 3),
        (samples.pdf(2), None, "application/pdf", 1),
        (samples.pdf(1), 2, "application/pdf", 2),
        (b"%PDF-1.7 broken", 1, "application/pdf", 1),
        (samples.pdf(1), 1, "application/vnd.oasis.opendocument.text", 1),
    ],
)
def test_what_is_no_page_is_not_found(data, count, kind, number):
    with pytest.raises(Http404):
        pages.page_picture(stored(data, count=count, kind=kind), number)


def test_a_file_without_bytes_is_not_found():
    row = stored(samples.pdf(), count=1)
    default_storage.delete(row.path)
    with pytest.raises(Http404):
        pages.page_picture(row, 1)

"""A paper on a photo made straight: by its four corners where it shows them, and not at all where it does not."""

import io
import random
from pathlib import Path

import numpy
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from PIL import Image, ImageDraw

from miaoli_kaohsiung.files import pages
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.straightener import Refused, corners_of, straight
from miaoli_kaohsiung.lib import clock

from .invoice_photos import photos

SIZE = (900, 1200)
CORNERS = [(210, 180), (690, 240), (640, 1010), (150, 940)]


def photo(*papers: list[tuple[int, int]], table: int = 90, paper: int = 235) -> Image.Image:
    picture = Image.new("RGB", SIZE, (table,) * 3)
    for corners in papers:
        pen = ImageDraw.Draw(picture)
        pen.polygon(corners, fill=(paper,) * 3)
        for row in range(6):
            pen.line([(260, 330 + row * 90), (580, 370 + row * 90)], fill=(20, 20, 20), width=6)
    return picture


def kept(picture: Image.Image, place: Path) -> Path:
    picture.save(place / "photo.jpg", "JPEG", quality=90)
    return place / "photo.jpg"


def test_its_four_corners_are_found_and_it_is_seen_from_above(tmp_path):
    assert abs(corners_of(photo(CORNERS)) - numpy.array(CORNERS)).max() < 4
    with Image.open(io.BytesIO(straight(kept(photo(CORNERS), tmp_path)))) as made:
        assert abs(made.width - 495) < 8
        assert abs(made.height - 772) < 8
        corner = made.convert("L").crop((8, 8, 40, 40))
        # Light to the corners: nothing of the table is left.
        assert numpy.asarray(corner).min() > 200


def test_every_photo_that_a_phone_takes_of_an_invoice_is_made_straight(tmp_path):
    for _code, data in photos(12):
        (tmp_path / "photo.jpg").write_bytes(data)
        with Image.open(io.BytesIO(straight(tmp_path / "photo.jpg"))) as made:
            # The strip is 4 : 3; the side that is farther away is seen shorter.
            assert 1.18 <= max(made.size) / min(made.size) <= 1.48


@pytest.mark.parametrize(
    "picture",
    [
        photo(),
        photo([(0, 0), (899, 0), (899, 1199), (0, 1199)]),
        photo([(300, 300), (1200, 400), (1200, 900), (280, 800)]),
        photo(CORNERS, table=230, paper=120),
        photo([(200, 200), (700, 200), (700, 400), (400, 400), (400, 900), (200, 900)]),
        photo([(400, 500), (460, 500), (460, 560), (400, 560)]),
        Image.frombytes("L", SIZE, random.Random(88).randbytes(SIZE[0] * SIZE[1])),
        Image.new("L", (1, 1), 255),
    ],
    ids=["table", "paper alone", "cut off", "darker", "no four corners", "small", "noise", "a dot"],
)
def test_of_a_photo_without_four_corners_nothing_is_made(picture, tmp_path):
    with pytest.raises(Refused):
        straight(kept(picture, tmp_path))


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff broken")
    with pytest.raises(Refused):
        straight(tmp_path / "photo.jpg")


def stored(data: bytes, kind: str = "image/jpeg") -> StoredFile:
    path = default_storage.save("private/test/photo.jpg", ContentFile(data))
    columns = {"size": len(data), "sha256": "0" * 64, "uploaded_at": clock.now()}
    return StoredFile.objects.create(name="photo.jpg", content_type=kind, path=path, **columns)


@pytest.mark.django_db
def test_it_is_drawn_apart_and_no_cache_keeps_it():
    ((_code, data),) = photos(1)
    answer = pages.straightened(stored(data))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"


@pytest.mark.django_db
def test_without_corners_the_reason_is_said():
    out = io.BytesIO()
    photo().save(out, "JPEG")
    for row in (stored(out.getvalue()), stored(b"%PDF-1.7", "application/pdf")):
        with pytest.raises(Http404, match="看不出紙的四個角"):
            pages.straightened(row)

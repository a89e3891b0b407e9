"""The same picture again is found; another one, be it the same form filled in otherwise, is not."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from miaoli_kaohsiung.files.look_reader import look
from miaoli_kaohsiung.files.looks import MOST_BITS
from tests.files import samples

ORIENTATION = 0x0112


def receipt(seed: int) -> Image.Image:
    """A form with a frame, lines and other figures each time, photographed on a table."""
    chance = random.Random(seed)
    form = Image.new("RGB", (620, 880), "#fbf8f0")
    draw = ImageDraw.Draw(form)
    draw.rectangle((40, 40, 580, 500), outline="black", width=3)
    for row in range(1, 8):
        draw.line((40, 40 + row * 58, 580, 40 + row * 58), fill="black", width=2)
        for place in range(20):
            if chance.random() < 0.5:
                left = 55 + place * 26
                draw.rectangle((left, row * 58 - 2, left + 14, row * 58 + 24), fill="#333333")
    table = Image.new("RGB", (900, 1200), "#6b5d50")
    table.paste(form, (140, 160))
    return table


def kept(folder: Path, picture: Image.Image, quality: int = 90, turned: int = 0) -> str:
    """The look of the picture as a file. `turned` has the camera hold it by so many quarters, as EXIF says."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = {0: 1, 1: 6, 2: 3, 3: 8}[turned]
    picture.rotate(90 * turned, expand=True).save(out, "JPEG", quality=quality, exif=exif)
    path = folder / "photo.jpg"
    path.write_bytes(out.getvalue())
    return look(path)


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_the_same_photo_again(tmp_path):
    photo = receipt(1)
    first = kept(tmp_path, photo)
    again = {
        "compressed": kept(tmp_path, photo, quality=35),
        "smaller": kept(tmp_path, photo.resize((270, 360)), quality=70),
        "blurred": kept(tmp_path, photo.filter(ImageFilter.GaussianBlur(2))),
        **{f"turned {turned}": kept(tmp_path, photo, turned=turned) for turned in (1, 2, 3)},
    }
    assert {name: apart(first, other) for name, other in again.items() if apart(first, other) > MOST_BITS} == {}


def test_two_receipts_on_one_form(tmp_path):
    looks = [kept(tmp_path, receipt(seed)) for seed in range(12)]
    assert min(apart(one, other) for place, one in enumerate(looks) for other in looks[:place]) > MOST_BITS


@pytest.mark.parametrize("content", [samples.pdf(), b"%PDF-1.4 broken", b"no picture"], ids=["blank", "broken", "text"])
def test_what_shows_nothing_has_no_look(tmp_path, content):
    path = tmp_path / "paper"
    path.write_bytes(content)
    assert look(path) == ""

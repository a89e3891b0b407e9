"""The picture of a network: as wide as a phone, in pairs above and below the middle, no box upon another."""

import re

import pytest

from miaoli_kaohsiung.lib.network import BOX, WIDTH, Node, star


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 12])
def test_the_boxes_stand_apart_and_within_the_picture(count):
    picture = star("網絡圖", "示範協會", [Node(f"夥伴{number}") for number in range(count)])
    height = int(re.search(rf'viewBox="0 0 {WIDTH} (\d+)"', picture)[1])
    boxes = [(int(x), int(y)) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', picture)]
    assert len(boxes) == count + 1
    assert all(x + BOX[0] <= WIDTH and y + BOX[1] <= height for x, y in boxes)
    apart = [abs(a[0] - b[0]) >= BOX[0] or abs(a[1] - b[1]) >= BOX[1] for a in boxes for b in boxes if a is not b]
    assert all(apart)


def test_a_long_name_ends_in_an_ellipsis_and_markup_is_words():
    picture = star("網絡圖", "苗" * 30, [Node("<b>")])
    assert ("苗" * 7 + "…" in picture, "苗" * 8 + "…" in picture, "&lt;b&gt;" in picture) == (True, False, True)

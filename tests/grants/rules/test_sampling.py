"""The draw of a settlement's case: what `printf '88 88-099-0001' | sha256sum` and a calculator give."""

import pytest

from grants.rules.sampling import draw, is_drawn, lowest


@pytest.mark.parametrize(
    ("seed", "number", "drawn"),
    [("88", "88-099-0001", 290), ("88", "88-099-0002", 9_032), ("種子", "88-099-0001", 3_042)],
)
def test_a_draw_is_the_first_eight_bytes_of_the_digest(seed, number, drawn):
    assert draw(seed, number) == drawn


def test_a_case_is_drawn_below_so_many_of_a_hundred():
    # 290 of 10,000 is drawn from 3 of a hundred on.
    assert [is_drawn("88", "88-099-0001", percent) for percent in (0, 2, 3, 100)] == [False, False, True, True]
    assert [is_drawn("88", "88-099-0002", percent) for percent in (90, 91)] == [False, True]


def test_the_number_at_the_limit_is_not_drawn():
    assert draw("88", "88-099-03900") == 500
    assert [is_drawn("88", "88-099-03900", percent) for percent in (5, 6)] == [False, True]


def test_the_lowest_are_drawn_first_and_of_equal_ones_the_lower_case():
    # 9,032, 3,126 twice, 290.
    numbers = ["88-099-0002", "88-099-0111", "88-099-0017", "88-099-0001"]
    order = ["88-099-0001", "88-099-0017", "88-099-0111", "88-099-0002"]
    assert [lowest("88", numbers, count) for count in (0, 2, 4, 9)] == [[], order[:2], order, order]
    # Another seed draws otherwise: 6,437 and 9,940.
    assert lowest("90", ["88-099-0001", "88-099-0002"], 2) == ["88-099-0002", "88-099-0001"]

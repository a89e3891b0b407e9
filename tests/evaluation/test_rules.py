from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.rules import dispersion, leniency, mean, percent, result, rounded

NAMES = ("governance", "finance", "services")


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(165, 2), 0, "83"),
        (Fraction(1, 3), 1, "0.3"),
        (Fraction(165, 2), 1, "82.5"),
        (Fraction(8225, 100), 1, "82.3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_a_half_is_rounded_up(value, places, expected):
    assert rounded(value, places) == Decimal(expected)


@pytest.mark.parametrize(
    ("count", "of", "expected"), [(2, 7, 29), (5, 7, 71), (1, 200, 1), (0, 7, 0), (7, 7, 100), (0, 0, 0)]
)
def test_a_share_is_rounded_to_the_nearest_hundredth(count, of, expected):
    assert percent(count, of) == expected


def test_the_total_is_rounded_from_the_exact_mean_and_not_from_rounded_parts():
    sheets = [
        dict(zip(NAMES, map(Decimal, row), strict=True))
        for row in (("7.5", "3", "1"), ("7", "3.5", "1"), ("7", "3", "1.5"))
    ]
    found = result(sheets, NAMES, 0)
    # The parts come to 7 1/6, 3 1/6 and 1 1/6.
    assert found.total == Decimal(12)
    assert list(found.by_dimension.values()) == [7, 3, 1]


def test_a_dimension_without_points_counts_as_none_and_no_sheet_is_no_result():
    assert result([{"governance": Decimal(8)}], NAMES, 1).by_dimension["finance"] == 0
    assert result([], NAMES, 1) is None
    assert mean([Decimal("0.5"), Decimal(1)]) == Fraction(3, 4)


def test_an_outlier_lies_far_from_the_mean_of_the_others_and_not_of_all():
    found = dispersion({1: Decimal(90), 2: Decimal(80), 3: Decimal(70)})
    assert (found.lowest, found.highest, found.spread) == (70, 90, 20)
    assert found.apart == {1: 15, 2: 0, 3: -15}
    assert found.outliers(Decimal(15)) == {1, 3}
    assert found.outliers(Decimal("15.5")) == set()


def test_who_judges_alone_is_compared_with_nobody():
    assert dispersion({}) is None
    assert dispersion({1: Decimal(50)}).apart == {}
    assert leniency([]) is None
    assert leniency([Fraction(1), Fraction(2)]) == Fraction(3, 2)

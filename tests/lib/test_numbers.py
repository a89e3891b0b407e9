import re
from pathlib import Path

import pytest
from django.conf import settings

from miaoli_kaohsiung.lib.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("007", 7),
        ("9" * 18, 999_999_999_999_999_999),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.5", None),
        (" 1", None),
        ("１２", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_a_whole_number_is_read_or_it_is_none(text, expected):
    assert whole_number(text) == expected


def test_the_length_is_the_callers():
    assert (whole_number("1234", digits=4), whole_number("12345", digits=4)) == (1234, None)


def test_nobody_else_tests_digits_by_hand():
    """`isdecimal()` and then `int()` breaks on 5,000 digits; lib.numbers does not."""
    folders = ("miaoli_kaohsiung", "communities", "grants", "evaluation")
    files = [file for folder in folders for file in (Path(settings.BASE_DIR) / folder).rglob("*.py")]
    tests, reads = re.compile(r"\.is(decimal|digit|numeric)\("), re.compile(r"\bint\(")
    by_hand = {file.name for file in files if tests.search(text := file.read_text()) and reads.search(text)}
    assert by_hand == {"numbers.py"}

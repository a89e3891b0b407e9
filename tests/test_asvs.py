"""docs/asvs.md: every requirement of levels 1 and 2, and of level 3 in the chapters on identity and money, stands there once, with
tests that are there or with what is missing.
"""

import re

from django.conf import settings

from tests.test_trust import functions_of

PAGE = (settings.BASE_DIR / "docs" / "asvs.md").read_text("utf-8")
# The numbers of ASVS 5.0.0: levels 1 and 2; and level 3 of the chapters on identity (6 to 10) and money (2, 11, 15.4, 16).
LOWER, HIGHEST = (
    (settings.BASE_DIR / "tests" / name).read_text("ascii").split() for name in ("asvs_numbers.txt", "asvs_level_3.txt")
)
NUMBERS = LOWER + HIGHEST
ROWS = dict(re.findall(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE))
AWAY = re.findall(r"\d+\.\d+\.\d+", PAGE.rpartition("## ")[2])


def test_every_requirement_stands_there_once():
    assert len(re.findall(r"^\| \d", PAGE, re.MULTILINE)) == len(ROWS)
    assert sorted([*ROWS, *AWAY]) == sorted(NUMBERS)


def test_a_row_of_level_3_says_so():
    marked = re.findall(r"^\| (\d+\.\d+\.\d+) \| \*level 3:\* ", PAGE, re.MULTILINE)
    assert sorted(marked) == sorted(set(HIGHEST) - set(AWAY))
    assert (len(LOWER), len(HIGHEST), set(LOWER) & set(HIGHEST)) == (253, 43, set())


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


def test_a_requirement_without_a_test_says_so():
    honest = ("by reading: ", "**not met**: ", "**in part**: ")
    assert [number for number, shown in ROWS.items() if "`tests/" not in shown and not shown.startswith(honest)] == []


def test_the_sums_are_those_of_the_rows():
    gaps = sum(shown.startswith("**") for shown in ROWS.values())
    read = sum(shown.startswith("by reading") for shown in ROWS.values())
    said = re.search(
        r"Of (\d+) requirements (\d+) do not concern the portal; of the other (\d+), (\d+) are held by tests, "
        r"(\d+) were read, (\d+) are not met or in part\.",
        PAGE,
    )
    assert said is not None
    sums = (len(NUMBERS), len(AWAY), len(ROWS), len(ROWS) - read - gaps, read, gaps)
    assert tuple(map(int, said.groups())) == sums

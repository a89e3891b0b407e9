"""docs/vocabulary.md holds: no name in the code has a word that it says to avoid.

The name of a test is a sentence and may have any word.
"""

import ast
import re

import pytest
from django.conf import settings

from tests.sources import FOLDERS, own_files, place

PAGE = settings.BASE_DIR / "docs" / "vocabulary.md"


def avoided(page: str) -> set[str]:
    """The last cell of every row of the tables, word by word."""
    rows = [line.strip("| ").split("|") for line in page.splitlines() if line.startswith("|")]
    words = {word.strip() for row in rows if len(row) in (1, 4) for word in row[-1].split(",")}
    return {word for word in words if re.fullmatch(r"[a-z_0-9]+", word) and word != "not"}


def names_in(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        for attribute in ("name", "id", "arg", "attr"):
            if isinstance(name := getattr(node, attribute, None), str):
                found.add(name)
    return found


def has(word: str, name: str) -> bool:
    """Whether the word is one of the parts of a name, or several parts that follow each other."""
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return f"_{word}_" in f"_{parts}_"


def test_the_page_names_words_to_avoid():
    assert {"told", "telling", "dossier", "utils"} <= avoided(PAGE.read_text())


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [("told", "told", True), ("told", "_told_of", True), ("told", "toldya", False), ("auditlog", "AuditLog", False)],
)
def test_a_word_counts_as_a_part_of_a_name(word, name, found):
    assert has(word, name) is found


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_name_has_a_word_to_avoid(folder):
    words = avoided(PAGE.read_text())
    found = {
        f"{place(path)}: {name}"
        for path in own_files(folder)
        for name in {path.stem, *names_in(path.read_text(encoding="utf-8"))}
        if not name.startswith("test_") and any(has(word, name) for word in words)
    }
    assert found == set()

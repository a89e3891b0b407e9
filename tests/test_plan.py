"""docs/plan.md has every item of Miaoli's plan, and what it names is there: clauses with their sentence, pages, tests in Chromium."""

import ast
import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from grants.rules.ruleset import load
from tests.grants.test_law_promises import PROVED

PAGE = settings.BASE_DIR / "docs" / "plan.md"
ITEMS = [f"肆、{number}" for number in "一二三四五"] + [f"伍、{number}" for number in "一二三四五六七八九十"]


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return cells[1:]


ROWS = {row[0]: row for row in rows()}


def names_of_pages() -> set[str]:
    spaces = get_resolver().namespace_dict
    return {
        f"{space}:{name}"
        for space, (_path, part) in spaces.items()
        for name in part.reverse_dict
        if isinstance(name, str)
    }


def test_every_item_stands_there_once_in_order():
    assert [row[0] for row in rows()] == ITEMS


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_has_its_clauses_with_their_proved_sentences_its_pages_and_a_test_in_chromium(item):
    _item, clauses, what, pages, tests = ROWS[item]
    of_law = {clause.id: clause for clause in load("miaoli").clauses.values() if clause.label == item}
    assert (clauses.split(", "), bool(what)) == (list(of_law), True)
    assert [clause for clause in of_law if clause not in PROVED] == []
    named = re.findall("`([^`]+)`", pages)
    assert (bool(named), set(named) - names_of_pages()) == (True, set())
    for name in re.findall("`([^`]+)`", tests) or [""]:
        tree = ast.parse((settings.BASE_DIR / "tests" / "browser" / name).read_text(encoding="utf-8"))
        assert any(isinstance(part, ast.FunctionDef) and part.name.startswith("test_") for part in tree.body), name

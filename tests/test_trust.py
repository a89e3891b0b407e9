"""docs/trust.md: every promise stands there once, and every test that it names is there."""

import ast
import re
from functools import cache

from django.conf import settings

ROOT = settings.BASE_DIR
PAGE = (ROOT / "docs" / "trust.md").read_text()
PROMISES = 40


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_promise_stands_there_once():
    numbers = [int(number) for number in re.findall(r"^\| R(\d+) ", PAGE, re.MULTILINE)]
    assert sorted(numbers) == list(range(1, PROMISES + 1))


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 50
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


def test_a_promise_without_a_test_says_so():
    rows = [row for row in PAGE.splitlines() if re.match(r"\| R\d+ ", row)]
    assert [row for row in rows if "::" not in row and "not shown yet" not in row] == []

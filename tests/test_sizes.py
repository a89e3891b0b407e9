"""What is written can be taken in: a function has at most 40 lines, a file 400."""

import ast

import pytest

from tests.sources import own_files, place

FUNCTION, FILE = 40, 400


def too_long(source: str) -> list[str]:
    """The functions of a file that are too long, decorators not counted, and the file itself where it is."""
    tree = ast.walk(ast.parse(source))
    functions = [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = [node.name for node in functions if node.end_lineno - node.lineno + 1 > FUNCTION]
    return found + ["the file"] * (len(source.splitlines()) > FILE)


def function(lines: int) -> str:
    return "@decorated\ndef f():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (function(FUNCTION), []),
        (function(FUNCTION + 1), ["f"]),
        ("async " + function(FUNCTION + 1).partition("\n")[2], ["f"]),
        ("a = 1\n" * FILE, []),
        ("a = 1\n" * (FILE + 1), ["the file"]),
    ],
    ids=["as long as may be", "a line more", "asynchronous", "a file as long as may be", "a file a line more"],
)
def test_what_is_too_long(source, found):
    assert too_long(source) == found


def test_nothing_is_too_long():
    found = {place(path): too_long(path.read_text(encoding="utf-8")) for path in own_files()}
    assert {path: names for path, names in found.items() if names} == {}

"""A test in the browser waits for the page that a press opens: what it would read at once may still be the page before."""

import ast
import itertools

import pytest

from tests.sources import own_files, place

# What asks a page once and does not wait until it is so, as `expect` does.
READ_AT_ONCE = {
    "all", "all_inner_texts", "all_text_contents", "content", "count", "evaluate", "get_attribute", "inner_html",
    "inner_text", "input_value", "is_checked", "is_hidden", "is_visible", "text_content",
}  # fmt: skip


def methods(node: ast.AST) -> set[str]:
    calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}


def reading_at_once(source: str) -> list[int]:
    """The lines that read directly after a line that clicks."""
    found = []
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        lines = body if isinstance(body, list) else []
        for before, line in itertools.pairwise(lines):
            pressed = isinstance(before, ast.Expr) and "click" in methods(before)
            if pressed and not hasattr(line, "body") and methods(line) & READ_AT_ONCE:
                found.append(line.lineno)
    return found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("assert page.locator('h1').count() == 1", [2]),
        ("expect(page.locator('h1')).to_have_count(1)", []),
        ("assert field.input_value() == ''", [2]),
        ("person.sees('words')", []),
    ],
)
def test_what_reads_at_once(line, found):
    assert reading_at_once(f"button.click()\n{line}") == found


def test_no_test_reads_a_page_at_once_after_a_press():
    found = {place(path): reading_at_once(path.read_text(encoding="utf-8")) for path in own_files("tests")}
    assert {path: lines for path, lines in found.items() if lines} == {}

"""Groups of statuses stand beside their enum, each named once; tables of moves list the statuses of a move."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def groups_in(source: str) -> Iterator[str]:
    """The tuples, lists and sets of statuses, under whatever name their enum was imported."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.endswith("Status")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            listed = [
                isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names
                for part in node.elts
            ]
            rest = [part for part, is_status in zip(node.elts, listed, strict=True) if not is_status]
            if any(listed) and all(isinstance(part, ast.Starred) for part in rest):
                yield ast.unparse(node)


@pytest.mark.parametrize("package", ["grants", "communities", "evaluation", "miaoli_kaohsiung"])
def test_no_other_module_lists_statuses(package):
    paths = [path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py")]
    found = {
        f"{path}: {group}"
        for path in paths
        if not {"workflow", "migrations"} & set(path.with_suffix("").parts)
        for group in groups_in((ROOT / path).read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("OPEN = (S.DRAFT, S.SUBMITTED)", ["(S.DRAFT, S.SUBMITTED)"]),
        ("rows.filter(status__in=[*OPEN, S.DRAFT])", ["[*OPEN, S.DRAFT]"]),
        ('ROW = ("draft", S.DRAFT)', []),
        ("first = S.DRAFT", []),
    ],
)
def test_a_list_of_statuses_is_noticed(line, found):
    assert list(groups_in(f"from grants.enums import ApplicationStatus as S\n{line}")) == found

"""The rooms of the house: a feature is found by the same name in every layer, and a module has one name everywhere.

Which layer may import which is held by import-linter (pyproject.toml), where every module must stand in one.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from miaoli_kaohsiung.accounts.counties import names_of
from miaoli_kaohsiung.accounts.enums import County

ROOT = Path(settings.BASE_DIR)
STAGES = {
    "schemes", "applications", "reviews", "awards", "payments", "settlements", "letters", "sanctions",
    "duties", "rulings", "law", "desk", "audit", "open_data",
}  # fmt: skip
# What several stages share.
SHARED = {
    "services": {"daily", "locks", "notices", "reminders"},
    "queries": {"scope"},
    "forms": {"fields"},
    "views": {"merging", "removed"},
    "workflow": {"core", "decisions", "record_corrections", "tables"},
    "models": {"corrections", "decisions"},
    "templatetags": {"contacts", "public_awards", "records"},
    "urls": set(),
    "templates": set(),
}
PACKAGES = ("grants", "communities", "evaluation", "miaoli_kaohsiung", "tests")


def rooms(layer: str) -> set[str]:
    folder = ROOT / "templates" / "grants" if layer == "templates" else ROOT / "grants" / layer
    return {path.stem for path in folder.iterdir() if not path.name.startswith("__")}


@pytest.mark.parametrize("layer", SHARED)
def test_a_layer_is_divided_by_stages(layer):
    assert rooms(layer) - STAGES == SHARED[layer]


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "urls" not in path.with_suffix("").parts)


def renamed(path: Path, source: str) -> list[str]:
    """The project's own modules that the source imports under another name."""
    here = path.relative_to(ROOT).parts[:-1]
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom):
            continue
        above = here[: len(here) - node.level + 1] if node.level else ()
        package = ROOT.joinpath(*above, *(node.module or "").split("."))
        if package.relative_to(ROOT).parts[0] not in PACKAGES:
            continue
        found += [
            f"{path.relative_to(ROOT)}: {alias.name} as {alias.asname}"
            for alias in node.names
            if alias.asname and ((package / alias.name).is_dir() or (package / f"{alias.name}.py").exists())
        ]
    return found


def test_no_module_of_the_project_has_another_name_where_it_is_used():
    assert [line for path in sources() for line in renamed(path, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from grants.services import letters as mail", ["tests/a.py: letters as mail"]),
        ("from . import markup as tags", ["tests/a.py: markup as tags"]),
        ("from grants.enums import LetterStatus as S", []),
        ("from django.utils import timezone as tz", []),
        ("from grants.services import letters", []),
    ],
)
def test_another_name_is_noticed(line, found):
    assert renamed(ROOT / "tests" / "a.py", line) == found


def words_in(source: str) -> Iterator[str]:
    """The texts of a source, docstrings apart."""
    tree = ast.parse(source)
    described = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body[:1]
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described:
            yield node.value


def test_no_module_knows_what_the_counties_are_called():
    """That stands in counties.toml. Laws and schemes are data that say whose they are; the demonstration invents a county's
    year."""
    names = [name for county in County.values for name in names_of(county)]
    data = ("grants/rules/", "miaoli_kaohsiung/demo/", "tests/", "migrations/")
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if not any(part in str(path.relative_to(ROOT)) for part in data)
        and any(name in text for text in words_in(path.read_text(encoding="utf-8")) for name in names)
    }
    found |= {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if any(name in path.read_text(encoding="utf-8") for name in names)
    }
    assert not found

"""The rooms of the house: a feature is found by the same name in every layer, and a module has one name everywhere.

Which layer may import which is held by import-linter (pyproject.toml), where every module must stand in one.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.lib.access import Refused

ROOT = Path(settings.BASE_DIR)
STAGES = {
    "schemes", "applications", "reviews", "awards", "amendments", "payments", "treasury", "settlements", "letters", "sanctions",
    "duties", "reminders", "calendar", "panels", "rulings", "law", "desk", "audit", "open_data", "overview", "books", "assets",
    "joint",
    "health", "guidance", "central",
}  # fmt: skip
# What several stages share.
SHARED = {
    "services": {"daily", "locks", "notices"},
    "queries": {"scope", "standing"},
    "forms": {"decisions", "fields"},
    "views": {"merging", "removed"},
    "workflow": {"core", "decisions", "record_corrections", "tables"},
    "models": {"corrections", "decisions"},
    "templatetags": {"contacts", "public_awards", "records"},
    "tables": set(),
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


def services_of_all() -> Iterator[Path]:
    yield from (path for path in sources() if path.parts[-1] == "services.py" or "services" in path.parts)
    yield ROOT / "miaoli_kaohsiung" / "accounts" / "changes.py"


def acting_late(source: str) -> list[str]:
    """The public functions of a service in which something stands before the person who acts."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = [argument.arg for argument in node.args.args]
            who = next((name for name in ("by", "actor", "user") if name in names), None)
            found += [node.name] if who and names[0] != who else []
    return found


def test_whoever_acts_comes_first_in_a_service():
    files = [path for path in services_of_all() if "tests" not in path.relative_to(ROOT).parts]
    found = {path.name: late for path in files if (late := acting_late(path.read_text(encoding="utf-8")))}
    assert (len(files) > 40, found) == (True, {})


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("file(user, case)", []),
        ("file(case, user)", ["file"]),
        ("close(by, user)", []),
        ("close(user, by)", ["close"]),
        ("sync()", []),
        ("_keep(case, user)", []),
    ],
)
def test_who_acts_late_is_noticed(head, found):
    assert acting_late(f"def {head}: ...") == found


def refusals() -> Iterator[type[Exception]]:
    """The exceptions that the services of the house define."""
    for path in services_of_all():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        yield from (
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Exception) and value.__module__ == module.__name__
        )


def test_a_service_refuses_in_one_way():
    found = set(refusals())
    assert (len(found) > 10, {error for error in found if not issubclass(error, Refused)}) == (True, set())


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


def test_the_day_is_asked_of_the_portals_clock_alone():
    asks = re.compile(r"\blocaldate\(|\bdate\.today\(|\bdatetime\.now\(")
    found = {str(path.relative_to(ROOT)) for path in sources() if asks.search(path.read_text(encoding="utf-8"))}
    assert {path for path in found if not path.startswith("tests/")} == {"miaoli_kaohsiung/lib/clock.py"}


def test_no_module_knows_what_the_counties_are_called():
    """That stands in counties.toml. Laws and schemes are data that say whose they are; the demonstration invents a county's
    year."""
    names = [name for county in counties.slugs() for name in counties.names_of(county)]
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

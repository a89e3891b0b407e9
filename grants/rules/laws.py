"""The laws are the folders found here, and those that a county has filed as data.

A folder holds a `law.toml`, its clauses and, if its law says something of its own, chapters of rules and tables of the
catalogue, or the same tables as data (`filed`). `statutes` holds what laws share: numbers of other acts, with their
dates, and the terms of a law that names none. What a county has filed is handed in by the bridge (`file_law`).

Texts are kept in the database under one name each, whatever folder they lie in: see `kept_name`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from grants.rules.filed import tables

FOLDER = Path(__file__).parent
HEAD, STATUTES = "law.toml", "statutes"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version:
    """A law filed as data, as it stands from a day on: kept file name → text."""

    starts_on: dt.date
    files: Mapping[str, str]


# slug → its versions, the oldest first. Each change begins a new generation, which `cached` goes by.
_filed: dict[str, tuple[Version, ...]] = {}
_generation = 0


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function with its answers remembered until another law is filed."""

    @lru_cache(maxsize=512)
    def of_generation(_: int, *args: Any, **more: Any) -> T:
        return function(*args, **more)

    @wraps(function)
    def remembered(*args: P.args, **more: P.kwargs) -> T:
        return of_generation(_generation, *args, **more)  # type: ignore[arg-type]

    remembered.cache_clear = of_generation.cache_clear  # type: ignore[attr-defined]
    return remembered


def file_law(slug: str, versions: tuple[Version, ...]) -> None:
    """Make the versions of a law filed as data known to this process; none takes the law away again (tests)."""
    global _generation
    if _filed.get(slug, ()) == versions:
        return
    if versions:
        _filed[slug] = tuple(sorted(versions, key=lambda version: version.starts_on))
    else:
        del _filed[slug]
    _generation += 1


# Reads what counties have filed, and calls `file_law`. The portal sets it; without a portal there are the folders alone.
_readers: list[Callable[[], None]] = []


def read_with(reader: Callable[[], None]) -> None:
    """Set what is asked for laws that this process does not know yet."""
    _readers[:] = [reader]


def look_again() -> bool:
    """Read what counties have filed; return whether that is something new."""
    before = _generation
    for reader in _readers:
        reader()
    return _generation != before


def versions(slug: str) -> tuple[Version, ...]:
    """Return the filed versions of a law, the oldest first; none if the law is a folder or is not known."""
    return _filed.get(slug, ())


def version_on(slug: str, on: dt.date | None) -> Version:
    """Return the version of a filed law in force on the day (the first one before its day); the newest without a day."""
    known = _filed[slug]
    if on is None:
        return known[-1]
    begun = [version for version in known if version.starts_on <= on]
    return begun[-1] if begun else known[0]


@cached
def found() -> tuple[str, ...]:
    """Return the slugs of all laws, in alphabetical order."""
    return tuple(sorted({*folders(), *_filed}))


@lru_cache(maxsize=1)
def folders() -> tuple[str, ...]:
    """Return the slugs of the laws that are folders, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{HEAD}")))


def texts() -> dict[str, str]:
    """Return every law file of the folders as text, by the name under which it is kept."""
    return {kept_name(path): path.read_bytes().decode() for path in sorted(FOLDER.glob("*/*.toml"))}


def kept_name(path: Path) -> str:
    """Return the name of a file in the database: kaohsiung_88.toml, kaohsiung_88_clauses_4.toml, basic_wage.toml."""
    law = path.parent.name
    return path.name if law == STATUTES else name_in(law, path.name)


def name_in(law: str, file: str) -> str:
    """Return the name under which a file of a law's folder is kept."""
    return f"{law}.toml" if file == HEAD else f"{law}_{file}"


def import_chapters() -> None:
    """Import the modules of every law that is a folder, so that their rules are registered."""
    for law in folders():
        for path in sorted((FOLDER / law).glob("[a-z]*.py")):
            import_module(f"{__package__}.{law}.{path.stem}")


@cached
def table(law: str, module: str, name: str) -> Any:
    """Return a table of a law: of its data, or of a module of its folder; an empty tuple if it has none of its own."""
    written = data_of(law)
    if written is not None:
        return getattr(written, f"{module}_tables")().get(name, ())
    if not (FOLDER / law / f"{module}.py").exists():
        return ()
    return getattr(import_module(f"{__package__}.{law}.{module}"), name, ())


@cached
def data_of(law: str) -> tables.Tables | None:
    """Return the tables of a law written as data, by its newest version; None if its rules are Python."""
    return tables.of_files(law, version_on(law, None).files if law in _filed else texts())


def law_of(module: str) -> str:
    """Return the slug of the law whose folder holds the module (given by its dotted name)."""
    return module.removeprefix(f"{__package__}.").partition(".")[0]

"""The laws are the folders found here: each holds a `law.toml`, its clauses and, if its law says something of its own,
chapters of rules and tables of the catalogue. `statutes` holds what laws share: numbers of other acts, with their
dates.

Texts are kept in the database under one name each, whatever folder they lie in: see `kept_name`.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HEAD, STATUTES = "law.toml", "statutes"


@cache
def found() -> tuple[str, ...]:
    """Return the slugs of all laws, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{HEAD}")))


def texts() -> dict[str, str]:
    """Return every law file as text, by the name under which it is kept."""
    return {kept_name(path): path.read_bytes().decode() for path in sorted(FOLDER.glob("*/*.toml"))}


def kept_name(path: Path) -> str:
    """Return the name of a file in the database: kaohsiung_88.toml, kaohsiung_88_clauses_4.toml, basic_wage.toml."""
    law = path.parent.name
    if law == STATUTES:
        return path.name
    return f"{law}.toml" if path.name == HEAD else f"{law}_{path.name}"


def import_chapters() -> None:
    """Import the modules of every law, so that their rules are registered."""
    for law in found():
        for path in sorted((FOLDER / law).glob("[a-z]*.py")):
            import_module(f"{__package__}.{law}.{path.stem}")


@cache
def table(law: str, module: str, name: str) -> Any:
    """Return a table of a module of the law's folder; an empty tuple if the law has none of its own."""
    if not (FOLDER / law / f"{module}.py").exists():
        return ()
    return getattr(import_module(f"{__package__}.{law}.{module}"), name, ())


def law_of(module: str) -> str:
    """Return the slug of the law whose folder holds the module (given by its dotted name)."""
    return module.removeprefix(f"{__package__}.").partition(".")[0]

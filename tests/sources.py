"""The project's own Python files, for tests of how they are written."""

from pathlib import Path

from django.conf import settings

FOLDERS = ("grants", "communities", "evaluation", "miaoli_kaohsiung", "tests", "docs")


def own_files(*folders: str) -> list[Path]:
    """Those of these folders, of all where none is named; migrations are Django's."""
    found = [path for folder in folders or FOLDERS for path in Path(settings.BASE_DIR, folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def place(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))

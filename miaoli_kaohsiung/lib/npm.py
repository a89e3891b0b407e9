"""What is served of the packages of npm: under which name each folder stands, and of a large package only some files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder

_FOLDERS = (
    ("bootstrap", "bootstrap/dist"),
    ("zxing", "zxing-wasm/dist/iife/reader"),
    ("zxing", "zxing-wasm/dist/reader"),
    ("pyodide", "pyodide"),
)
# Pyodide finds its parts by their names beside each other.
PYTHON = "pyodide/"
# Of these packages nothing else is served: no second form of the same styles, no demonstration pages.
_ONLY = {
    "bootstrap/": {"css/bootstrap.min.css", "css/bootstrap.min.css.map"},
    PYTHON: {"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"},
}


def folders(root: Path) -> list[tuple[str, Path]]:
    """Return (name, folder) of what is served of the packages."""
    return [(name, root / "node_modules" / part) for name, part in _FOLDERS]


def _served(name: str) -> bool:
    return all(name.removeprefix(package) in files for package, files in _ONLY.items() if name.startswith(package))


class Finder(FileSystemFinder):
    """Finds the folders of settings.STATICFILES_DIRS, without what is not served of them."""

    def find(self, path: str, *args: Any, **more: Any) -> Any:
        return super().find(path, *args, **more) if _served(path) else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for path, storage in super().list(ignore_patterns):
            if _served(f"{storage.prefix}/{path}"):
                yield path, storage

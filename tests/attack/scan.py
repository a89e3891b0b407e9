"""The sources by semgrep with rules of our own alone: `make check` stops at what they forbid.

The engine is run by itself, without the package around it: nothing is fetched, nothing is sent, one program is enough.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
RULES = Path(__file__).with_name("forbidden.yml")
ENGINE = Path(sysconfig.get_path("purelib"), "semgrep", "bin", "semgrep-core")
SOURCES = ("communities", "grants", "evaluation", "miaoli_kaohsiung", "templates", "docs", "manage.py")
# What the rules are about.
KINDS = (".py", ".html")

Finding = tuple[str, str, int]


def sources(folder: Path, names: Sequence[str]) -> set[str]:
    """Return every file of the names that a rule is about."""
    paths = [
        path for name in names for path in ([folder / name] if (folder / name).is_file() else _below(folder / name))
    ]
    return {path.relative_to(folder).as_posix() for path in paths if path.suffix in KINDS}


def _below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def found(folder: Path = ROOT, names: Sequence[str] = SOURCES, rules: Path = RULES) -> list[Finding]:
    """Return what is forbidden and stands there: rule, file, line. Raises RuntimeError where a file was not read whole."""
    asked = ["scan", "--experimental", "--json", "--metrics=off", "--disable-version-check", "--no-git-ignore"]
    asked += ["--jobs=1", "--timeout=600", f"--config={rules}", *names]
    with TemporaryDirectory() as home:
        # By this name the engine reads words as people type them.
        done = subprocess.run(
            ["osemgrep", *asked],
            executable=ENGINE,
            cwd=folder,
            env=os.environ | {"HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(done.stderr or f"semgrep ended with {done.returncode}") from None
    unread = sources(folder, names) - {Path(path).as_posix() for path in answer["paths"]["scanned"]}
    if answer["errors"] or unread:
        raise RuntimeError(f"not read: {sorted(unread)} {answer['errors']}")
    return sorted((one["check_id"].split(".")[-1], one["path"], one["start"]["line"]) for one in answer["results"])


def main() -> int:
    hits = found()
    for rule, path, line in hits:
        print(f"{path}:{line}: {rule}")
    print(f"semgrep: {len(hits)} findings in {len(sources(ROOT, SOURCES))} files")
    return bool(hits)


if __name__ == "__main__":
    sys.exit(main())

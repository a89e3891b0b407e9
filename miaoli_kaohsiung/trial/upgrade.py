"""Whether an old release goes on beside the new database: the migrations since a release, looked at one by one.

    upgrade                 since the release that runs (deploy/released.txt)
    upgrade RELEASE         since a tag or commit

Exit status 1 where a migration would stop the release that still runs and deploy/released.txt does not say why it must.

What it looks for: columns that the old release does not fill (give them `db_default`), columns and tables that it still
reads (drop them one release later), locks on whole tables.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASED = ROOT / "deploy" / "released.txt"
# Left out, each with its reason.
LEFT_OUT = (
    "CREATE_INDEX",  # the tables of one county are small: an index is made within a second
    "CREATE_INDEX_EXCLUSIVE",
    "DROP_INDEX",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", default="")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    django.setup()
    return errors_since(given.release) if given.release else errors_after(Released.of(RELEASED.read_text("utf-8")))


@dataclass(frozen=True)
class Released:
    """What the release that runs has migrated, and the later migrations for which it must stop, each with its reason."""

    last: dict[str, str]
    stops: dict[str, str]

    @classmethod
    def of(cls, text: str) -> "Released":
        last: dict[str, str] = {}
        stops: dict[str, str] = {}
        for line in text.splitlines():
            if line.startswith("stop "):
                _stop, name, reason = line.split(maxsplit=2)
                stops[name] = reason
            elif line.strip() and not line.startswith("#"):
                app, number = line.split()
                last[app] = number
        return cls(last, stops)


def errors_since(release: str) -> int:
    """Print what was found in the migrations since the release; 1 if one of them would stop it."""
    linter = _linter()
    linter.lint_all_migrations(git_commit_id=release)
    linter.print_summary()
    return 1 if linter.has_errors else 0


def errors_after(released: Released) -> int:
    """Print what was found in the migrations after those of the release; 1 if one would stop it without a reason."""
    stopping = would_stop(released)
    print(f"{len(stopping)} of the migrations to come would stop the release that runs.")
    return 1 if stopping - set(released.stops) else 0


def would_stop(released: Released) -> set[str]:
    """Return `app.migration` of those after the release's that it would not survive."""
    linter, found = _linter(), set()
    for app, name in sorted(linter.migration_loader.disk_migrations):
        if app in own_apps() and name > f"{released.last.get(app, '0000')}~":
            before = linter.nb_erroneous
            linter.lint_migration(linter.migration_loader.disk_migrations[app, name])
            if linter.nb_erroneous > before:
                found.add(f"{app}.{name}")
    return found


def own_apps() -> list[str]:
    from django.apps import apps

    return [
        app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT) and ".venv" not in app.path
    ]


def _linter() -> Any:
    from django_migration_linter import MigrationLinter

    return MigrationLinter(
        str(ROOT), include_apps=own_apps(), exclude_migration_tests=LEFT_OUT, no_cache=True, quiet=["ignore"]
    )


if __name__ == "__main__":
    sys.exit(main())

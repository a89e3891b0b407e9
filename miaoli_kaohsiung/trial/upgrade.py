"""Whether an old release goes on beside the new database: the migrations since a release, looked at one by one.

    upgrade RELEASE         a tag or commit; exit status 1 where a migration would stop the release that still runs

What it looks for: columns that the old release does not fill (give them `db_default`), columns and tables that it still
reads (drop them one release later), locks on whole tables.
"""

import argparse
import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent.parent
# Left out, each with its reason.
LEFT_OUT = (
    "CREATE_INDEX",  # the tables of one county are small: an index is made within a second
    "CREATE_INDEX_EXCLUSIVE",
    "DROP_INDEX",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    django.setup()
    return errors_since(given.release)


def errors_since(release: str) -> int:
    """Print what was found in the migrations since the release; 1 if one of them would stop it."""
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    own = [
        app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT) and ".venv" not in app.path
    ]
    linter = MigrationLinter(
        str(ROOT), include_apps=own, exclude_migration_tests=LEFT_OUT, no_cache=True, quiet=["ignore"]
    )
    linter.lint_all_migrations(git_commit_id=release)
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.demo.data.load import load
from miaoli_kaohsiung.demo.data.registry import LAST_DAY
from miaoli_kaohsiung.lib import clock

# Tables that migrations fill and the demonstration never changes.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


class Command(BaseCommand):
    help = "Load the demonstration data into an empty portal; --reset empties it first. Of the trial only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the portal and load the data anew")

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("Demonstration data are for PORTAL_MODE=trial only.")
        if get_user_model().objects.exists() and not reset:
            self.stdout.write("There are data already; --reset puts the demonstration back.")
            return
        with transaction.atomic():
            if reset:
                _empty()
            load(self._say if options["verbosity"] > 1 else lambda text: None)
        clock.set_portal_date(LAST_DAY)

    def _say(self, text: str) -> None:
        self.stdout.write(text)


def _empty() -> None:
    """Delete every row except those of KEPT. Triggers protect trail and ledger, so they are switched off for the
    demonstration.
    """
    names = [name for name in connection.introspection.table_names() if name not in KEPT]
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for folder in (settings.MEDIA_ROOT, settings.VAR_DIR / "mail"):
        for entry in Path(folder).glob("*"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    counties.load_filed()
    load_townships()

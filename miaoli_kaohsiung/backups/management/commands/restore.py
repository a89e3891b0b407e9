"""`manage.py restore`: a backup, to the second, into an empty place."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.backups.programs import BackupError
from miaoli_kaohsiung.backups.restoring import restored
from miaoli_kaohsiung.lib import clock


def moment(text: str) -> dt.datetime:
    """Return an aware time; without an offset it is Taiwan's."""
    time = dt.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=clock.TAIPEI)


class Command(BaseCommand):
    help = "Restores database and files into an empty folder: the newest there is, or as it was at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("place", type=Path, help="an empty folder: gets database/ and files/")
        parser.add_argument("--until", type=moment, metavar="2026-01-31T14:03:00")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with restored(Folder(options["folder"]), options["place"], options["until"]) as found:
                missing = found.missing
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored from {found.set.name} to {options['place']}: database and files.")
        if missing:
            raise CommandError("Missing in the backup:\n" + "\n".join(missing))

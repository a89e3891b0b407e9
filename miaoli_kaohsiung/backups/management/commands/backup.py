"""`manage.py backup`: one set of database and files, and old sets away."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.backups import making, pruning, services
from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.backups.programs import BackupError


class Command(BaseCommand):
    help = "Makes a backup of database and files in a folder; of what changed since the last one where PostgreSQL can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--whole", action="store_true", help="everything, not only what changed")
        parser.add_argument("--days", type=int, default=35, help="older sets are removed (default: 35)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Folder(options["folder"])
        try:
            made = making.make(folder, whole=options["whole"])
            gone = pruning.prune(folder, options["days"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        services.record(services.MADE, set=made.set.name, files=made.set.files, unsound=len(made.unsound), removed=gone)
        kind = f"what changed since {made.set.before}" if made.set.before else "everything"
        self.stdout.write(f"{made.set.name}: {kind}, {made.set.files} files; {len(gone)} old sets removed.")
        if made.unsound:
            raise CommandError("Gone or changed since they were stored:\n" + "\n".join(made.unsound))

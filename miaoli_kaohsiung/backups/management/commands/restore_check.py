"""`manage.py restore_check`: a backup that was not tried does not count."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.backups import services
from miaoli_kaohsiung.backups.drill import try_restore
from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.backups.programs import BackupError

from .restore import moment


class Command(BaseCommand):
    help = "Restores the newest backup into a folder that is removed again, and checks trail, ledger and files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--until", type=moment, metavar="2026-01-31T14:03:00")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drill = try_restore(Folder(options["folder"]), options["until"])
        except BackupError as error:
            services.record(services.TRIED, problem=str(error))
            raise CommandError(str(error)) from error
        problems = drill.answer.problems
        services.record(services.TRIED, set=drill.set, problems=problems, seconds_behind=drill.seconds_behind)
        number = drill.answer.head.split(":")[0]
        self.stdout.write(
            f"Restored {drill.set} to entry {number} of {drill.answer.written};"
            f" the portal went on by {drill.entries_behind} entries, {drill.seconds_behind:.1f} s."
            f" Files of the last seconds that were not copied yet: {drill.late}."
        )
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("Trail, ledger and files hold.")

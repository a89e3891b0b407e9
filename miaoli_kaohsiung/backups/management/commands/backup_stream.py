"""`manage.py backup_stream`: copy changes and new files as they come, until it is stopped."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.backups.programs import BackupError
from miaoli_kaohsiung.backups.streaming import stream


class Command(BaseCommand):
    help = "Copies what the database writes, and new files, into the folder of backups until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seconds", type=float, default=2, help="between two looks for new files (default: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        try:
            stream(Folder(options["folder"]), lambda: not stopped.wait(options["seconds"]))
        except BackupError as error:
            raise CommandError(str(error)) from error

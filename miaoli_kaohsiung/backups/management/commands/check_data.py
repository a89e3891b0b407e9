"""`manage.py check_data`: trail, ledger and stored files, of the portal or of what was restored."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.backups.checking import check


class Command(BaseCommand):
    # Asked of a restored backup too, on a server that production would refuse.
    requires_system_checks: list[str] = []
    help = "Reads the whole trail, every figure of the ledger and every stored file, and says what does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the answer as one line of JSON, status 0")

    def handle(self, *args: Any, **options: Any) -> None:
        answer = check()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(answer)))
            return
        if answer.problems:
            raise CommandError("\n".join(answer.problems))
        self.stdout.write(f"{sum(answer.rows.values())} rows, trail to entry {answer.head.split(':')[0]}: all holds.")

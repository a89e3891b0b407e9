"""`manage.py national_ids`: what becomes of the numbers of people on rosters."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grants.services.settlements import national_ids
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock


class Command(BaseCommand):
    help = (
        "forget: deletes numbers whose term is over (the daily jobs do it too). reseal: seals all under the first key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("forget", "reseal"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "forget":
            count = national_ids.forget(clock.today())
            self.stdout.write(f"Deleted the numbers of {count} rows.")
        else:
            count = national_ids.reseal(Actor.system("manage.py national_ids"))
            self.stdout.write(f"Sealed {count} numbers under the first key.")

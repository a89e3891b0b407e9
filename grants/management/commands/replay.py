"""`manage.py replay`: make every stored evaluation again and compare it byte for byte with the stored one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.compliance.stored import replay
from grants.models import StoredEvaluation


class Command(BaseCommand):
    help = "Evaluates the stored facts of every evaluation again and compares the result byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="*", help="case numbers; all cases when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = StoredEvaluation.objects.select_related("application").order_by("id")
        if options["number"]:
            rows = rows.filter(application__number__in=options["number"])
        same = different = 0
        for stored in rows.iterator():
            alike, why = replay(stored)
            if alike:
                same += 1
            else:
                different += 1
                self.stdout.write(f"{stored.application.number} {stored.stage} {stored.on}: {why}")
        self.stdout.write(f"{same} evaluations reproduced, {different} not.")
        if different:
            raise CommandError(f"{different} stored evaluations could not be reproduced.")

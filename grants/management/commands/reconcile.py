"""`manage.py reconcile`: compare every figure that is shown with the entries of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.services.audit.reconciling import differences


class Command(BaseCommand):
    help = "Adds the ledger up for each award, envelope and year and prints every figure shown that differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="*", help="case numbers; everything when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for found in differences(numbers=options["number"] or None):
            self.stdout.write(str(found))
            count += 1
        if count:
            raise CommandError(f"{count} figures differ from the ledger.")
        self.stdout.write("Every figure agrees with the ledger.")

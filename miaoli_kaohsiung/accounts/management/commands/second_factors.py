"""`manage.py second_factors reseal`: seals the seeds of second factors under the first of PERSONAL_DATA_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from miaoli_kaohsiung.accounts import factors
from miaoli_kaohsiung.audit.trail import Actor


class Command(BaseCommand):
    help = "reseal: seals the seeds of authenticator apps and recovery codes under the first key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("reseal",))

    def handle(self, *args: Any, **options: Any) -> None:
        count = factors.reseal(Actor.system("manage.py second_factors"))
        self.stdout.write(f"Sealed {count} seeds under the first key.")

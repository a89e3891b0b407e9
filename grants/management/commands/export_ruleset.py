from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.compliance.rulesets import ruleset_for
from grants.models import Scheme
from grants.queries.law.export import as_toml
from miaoli_kaohsiung.lib import clock, roc_date


class Command(BaseCommand):
    help = "Write the rule set of a scheme as it is in force on a day (TOML, to standard output)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the scheme, e.g. kaohsiung-88")
        parser.add_argument("--on", help="the day, e.g. 99/6/1 or 2010-06-01; today without it")

    def handle(self, *args: Any, slug: str, on: str | None, **options: Any) -> None:
        try:
            scheme = Scheme.objects.get(slug=slug)
            day = roc_date.parse_date(on) if on else clock.today()
        except (Scheme.DoesNotExist, ValueError) as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(as_toml(ruleset_for(scheme, day), day), ending="")

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from grants.rules import ask
from grants.rules.facts import FactError
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib import office_calendar

SLUG = "kaohsiung_88"


class Command(BaseCommand):
    """Put cases to the law from a file; see docs. Exit 2 and one line on standard error where the file cannot be used."""

    help = "Answer the cases of a JSON file ('-' reads standard input) by the law as filed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *args, **options):
        try:
            raw = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
            document = json.loads(raw)
        except (OSError, ValueError, RecursionError) as error:
            self._stop(f"{options['file']}: {error}")
        if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
            self._stop('the file must hold {"cases": [...]}')
        for key in document:
            if key != "cases":
                self._stop(f"{key}: unknown key")
        ruleset = load(SLUG)
        results = []
        for place, case in enumerate(document["cases"]):
            try:
                results.append(ask.answer(case, ruleset, office_calendar.is_workday))
            except FactError as error:
                self._stop(str(error) if error.case else f"case {place}: {error}")
        told = {"ruleset": ruleset.sha256, "results": results}
        # A lone surrogate in an id would not encode; as an escape it is the same JSON.
        text = json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
        self.stdout.write(text)

    def _stop(self, reason):
        self.stderr.write(" ".join(reason.split()))
        sys.exit(2)

import datetime as dt
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from grants.compliance.rulesets import ruleset_for
from grants.models import Scheme
from grants.rules import ask
from grants.rules.readers import FactError, read_date
from grants.rules.ruleset import RuleSet, load
from miaoli_kaohsiung.lib import office_calendar

SLUG = "kaohsiung_88"
# The questions of `ask` that name the day whose law applies.
DAY_KEYS = ("submitted_on", "decided_on", "on")


class Command(BaseCommand):
    """Judge cases from a file by the law; see docs. Exit 2 and one line on standard error if the file cannot be used."""

    help = (
        "Answer the cases of a JSON file ('-' reads standard input) by the law as filed. With --with-rulings by the law of "
        "each case's own day: the county's confirmed rulings are laid over it first, the case's own after them."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--with-rulings",
            action="store_true",
            help="lay the county's confirmed rulings over the law: those in effect on the day that the case names "
            "(submitted_on, decided_on or on; all where it names none). Each result then tells its own rule set.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
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
        law_on = self._law_of_the_county() if options["with_rulings"] else None
        filed, results = load(SLUG), []
        for place, case in enumerate(document["cases"]):
            try:
                law = law_on(_day_of(case)) if law_on else filed
                answer = ask.answer(case, law, office_calendar.published().is_workday)
                results.append(answer | {"ruleset": law.sha256} if law_on else answer)
            except FactError as error:
                self._stop(str(error) if error.case else f"case {place}: {error}")
        # A lone surrogate in an id would not encode; as an escape it is the same JSON.
        text = json.dumps({"ruleset": filed.sha256, "results": results}, ensure_ascii=False)
        self.stdout.write(text.encode("utf-8", "backslashreplace").decode())

    def _law_of_the_county(self) -> Callable[[dt.date], RuleSet]:
        scheme = Scheme.objects.filter(ruleset=SLUG).first()
        if scheme is None:
            self._stop("there is no scheme of this law in the database, so no rulings either; run sync_schemes first")
        return cache(lambda day: ruleset_for(scheme, day))

    def _stop(self, reason: str) -> NoReturn:
        self.stderr.write(" ".join(reason.split()))
        sys.exit(2)


def _day_of(case: Any) -> dt.date:
    """Return the day that the case names; the last day of all if it names none or none that can be read."""
    day = next((case[key] for key in DAY_KEYS if case.get(key) is not None), None) if isinstance(case, dict) else None
    try:
        return read_date("day", day)
    except FactError:
        # `ask.answer` says in its own words what is wrong with it.
        return ask.LAST_DAY

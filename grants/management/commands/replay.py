"""`manage.py replay`: make every stored evaluation again and compare it byte for byte with the stored one."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.models import F
from django.db.models.functions import Mod

from grants.compliance.stored import replay
from grants.models import StoredEvaluation

Share = tuple[int, list[str]]


class Command(BaseCommand):
    help = "Evaluates the stored facts of every evaluation again and compares the result byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="*", help="case numbers; all cases when none is given")
        parser.add_argument("--processes", type=int, default=1, help="how many processes share the evaluations")

    def handle(self, *args: Any, **options: Any) -> None:
        shares = _shared(options["number"], max(1, options["processes"]))
        same, lines = sum(alike for alike, _lines in shares), [line for _alike, lines in shares for line in lines]
        for line in lines:
            self.stdout.write(line)
        self.stdout.write(f"{same} evaluations reproduced, {len(lines)} not.")
        if lines:
            raise CommandError(f"{len(lines)} stored evaluations could not be reproduced.")


def _shared(numbers: Sequence[str], parts: int) -> list[Share]:
    if parts == 1:
        return [share(numbers, 0, 1)]
    # A process must not speak through the connection of its parent.
    connections.close_all()
    with ProcessPoolExecutor(parts, mp_context=multiprocessing.get_context("fork")) as pool:
        return list(pool.map(share, [numbers] * parts, range(parts), [parts] * parts))


def share(numbers: Sequence[str], part: int, parts: int) -> Share:
    """Replay those whose key leaves `part` when divided by `parts`: how many were the same, and a line for each other."""
    rows = StoredEvaluation.objects.annotate(case_number=F("application__number"), part=Mod("id", parts))
    rows = rows.filter(part=part).order_by("id")
    if numbers:
        rows = rows.filter(application__number__in=numbers)
    same, lines = 0, []
    for stored in rows.iterator():
        alike, why = replay(stored)
        if alike:
            same += 1
        else:
            lines.append(f"{stored.case_number} {stored.stage} {stored.on}: {why}")
    return same, lines

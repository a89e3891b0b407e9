"""Print runs through a real worker: killed, it goes on with the letter at which it was; long runs need no more memory.

`make soak` kills it at letter 57 of 100 and prints 500; `make test` does the same with fewer.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Q

from grants.models import Letter, PrintPart, PrintRun
from grants.services.letters import print_runs
from miaoli_kaohsiung.lib import pdf
from tests.factories import reviews
from tests.grants.papers import text_of_pdf

from .workers import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SOAK = bool(os.environ.get("SOAK"))
LETTERS, KILLED_AT = (100, 57) if SOAK else (48, 29)
PATIENCE = 600
# A process of its own prints what waits, and says its processor time in seconds and its peak of memory in MiB.
PRINTS = """
import django, json, resource
django.setup()
from grants.services.letters import print_runs
def used():
    own, parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(row.ru_utime + row.ru_stime for row in (own, parts)), max(own.ru_maxrss, parts.ru_maxrss) / 1024
before = used()[0]
print_runs.print_pending()
print(json.dumps([used()[0] - before, used()[1]]))
"""
KEPT = '<!doctype html><html lang="zh-Hant-TW"><head><title>x</title></head><body>第一部分留著</body></html>'


@pytest.fixture
def people():
    return reviews.staff()


def letters(people, count: int) -> list[Letter]:
    """So many drafts of an approval, each with its own subject."""
    draft = reviews.approved(people, {2: (40_000, "頁數核實")}).application.letters.get()
    rows = [Letter.objects.get(pk=draft.pk) for _ in range(count)]
    for number, row in enumerate(rows, 1):
        row.pk, row.subject = None, f"第{number}件：{draft.subject}"
    return Letter.objects.bulk_create(rows)


@pytest.fixture
def bell(monkeypatch, ringing):
    monkeypatch.setattr(print_runs, "current_app", ringing)
    return ringing


def text_of(run: PrintRun, var: Path) -> str:
    run.refresh_from_db()
    assert (run.error, run.done) == ("", run.total)
    return text_of_pdf((var / "files" / run.file.path).read_bytes())


def test_a_run_killed_at_a_letter_goes_on_with_it(people, environment, var, bell, tmp_path):
    """The first part is put in another's place while no worker runs: had it been set again, that would be lost."""
    run = print_runs.start_run(people.officer, letters(people, LETTERS), duplex=True)
    log = var / "worker.log"
    before = KILLED_AT - 1
    with worker(environment) as process:
        wait_for(lambda: PrintRun.objects.get(pk=run.pk).done >= before, process, log, PATIENCE)
    unset = Q(data=None)
    first = PrintPart.objects.filter(unset, run=run).earliest("position").position
    assert first >= KILLED_AT
    PrintPart.objects.filter(run=run, position=1).update(data=pdf.part(KEPT))
    bell.send_task(print_runs.PRINT_TASK)
    with worker(environment) as process:
        wait_for(lambda: PrintRun.objects.get(pk=run.pk).finished_at is not None, process, log, PATIENCE)
    text = text_of(run, var)
    assert text.startswith("第一部分留著")
    found = [int(number) for number in re.findall(r"主旨：第(\d+)件", text)]
    assert found == list(range(print_runs.LETTERS_A_PART + 1, LETTERS + 1))


def printed(people, environment: dict[str, str], var: Path, count: int) -> tuple[float, float]:
    """Print so many letters as one file; what `PRINTS` says."""
    run = print_runs.start_run(people.officer, letters(people, count), duplex=True)
    child = {**environment, "DJANGO_SETTINGS_MODULE": "miaoli_kaohsiung.settings"}
    said = subprocess.run(
        [sys.executable, "-c", PRINTS], cwd=settings.BASE_DIR, env=child, capture_output=True, text=True, check=True
    )
    assert len(re.findall(r"主旨：第(\d+)件", text_of(run, var))) == count
    seconds, peak = json.loads(said.stdout.splitlines()[-1])
    print(f"{count} letters: {seconds:.1f} s of processor time, peak {peak:.0f} MiB")
    return seconds, peak


@pytest.mark.skipif(not SOAK, reason="minutes: make soak")
def test_a_long_run_takes_no_more_memory_than_a_short_one(people, environment, var, bell):
    ten, _peak = printed(people, environment, var, 10)
    hundred, least = printed(people, environment, var, 100)
    _seconds, most = printed(people, environment, var, 500)
    assert most <= least * 1.15
    assert hundred <= ten * 6

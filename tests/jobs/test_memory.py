"""A worker as `deploy/` starts it stays small: at rest, after the daily work, and after a hundred letters."""

import contextlib
import os
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings

from grants.models import PrintRun
from grants.services.letters import print_runs
from miaoli_kaohsiung.lib import clock
from tests.factories import reviews

from .test_print_runs import letters
from .workers import kill, start, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="a hundred letters: make soak"),
]
UNIT = Path(settings.BASE_DIR) / "deploy" / "systemd" / "portal-worker.service"
MOST = 150
PATIENCE = 900


def command() -> list[str]:
    """What stands behind `celery -A miaoli_kaohsiung` in the unit of systemd."""
    (line,) = re.findall(r"^ExecStart=\S+/celery -A miaoli_kaohsiung (.*)$", UNIT.read_text(), re.MULTILINE)
    return shlex.split(line)


def children(pid: int) -> list[int]:
    """Whatever thread of the parent forked them."""
    return [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()]


def resident(pid: int, name: str = "VmRSS") -> int:
    """MiB of memory of a process, shared pages included; 0 for one that is ending."""
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return round(int(found[1]) / 1024) if found else 0


def sizes(pid: int, name: str = "VmRSS") -> list[int]:
    """The parent's, then those of its children."""
    return [size for size in (resident(one, name) for one in (pid, *children(pid))) if size]


def is_made(run: PrintRun) -> bool:
    return PrintRun.objects.get(pk=run.pk).finished_at is not None


def everybody(pid: int) -> list[int]:
    """A process and all that it started, also the one that a child forks to set a part of a print run."""
    return [pid, *(one for child in children(pid) for one in everybody(child))]


def in_all(pid: int) -> int:
    """MiB of all of them together: a page that several share is counted once (PSS)."""
    found = 0
    for one in everybody(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            found += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return round(found / 1024)


def test_a_worker_stays_small(environment, var, ringing, monkeypatch):
    monkeypatch.setattr(print_runs, "current_app", ringing)
    (var / "portal_date").write_text(clock.today().isoformat())
    people, log, found = reviews.staff(), var / "worker.log", {}
    run = print_runs.start_run(people.officer, letters(people, 100))
    process = start(environment, *command())
    try:
        wait_for(lambda: len(children(process.pid)) == 2, process, log, PATIENCE)
        found["at rest"] = sizes(process.pid)
        together = [in_all(process.pid)]
        ringing.send_task("grants.daily")
        ringing.send_task(print_runs.PRINT_TASK)
        wait_for(lambda: together.append(in_all(process.pid)) or is_made(run), process, log, PATIENCE)
        found["at most"] = sizes(process.pid, "VmHWM")
        # A child that needed more gives it back by ending after its task.
        wait_for(lambda: max(settled := sizes(process.pid)) <= MOST and len(settled) == 3, process, log, PATIENCE)
        found["after"] = sizes(process.pid)
    finally:
        for pid in children(process.pid):
            os.kill(pid, 9)
        kill(process)
    print(f"\nMiB of the parent and its children: {found}")
    print(f"in all at rest {together[0]}, at most {max(together)}")
    assert max(found["at rest"] + found["after"]) <= MOST
    assert together[0] <= MOST
    assert len(found["after"]) == 3

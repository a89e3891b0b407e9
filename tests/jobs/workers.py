"""Workers and beats as processes of their own, which a test kills."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATIENCE = 60
WORKER = ("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")
SCHEDULE = "tests.jobs.beating:app"


def start(
    environment: dict[str, str], *command: str, app: str = "miaoli_kaohsiung", name: str = ""
) -> subprocess.Popen:
    """A process of Celery that writes to worker.log, and may be killed at any time."""
    whole = [sys.executable, "-m", "celery", "-A", app, *command, "--loglevel", "ERROR"]
    whole += ["--hostname", f"{name}@test"] if name and command[0] == "worker" else []
    with Path(environment["VAR_DIR"], "worker.log").open("ab") as log:
        return subprocess.Popen(whole, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)


def beat(environment: dict[str, str], name: str) -> subprocess.Popen:
    """A beat with the schedule of tests and a file of its own."""
    return start(
        environment, "beat", "--schedule", str(Path(environment["VAR_DIR"], name)), "--pidfile", "", app=SCHEDULE
    )


def kill(process: subprocess.Popen) -> None:
    """End it without warning."""
    process.send_signal(signal.SIGKILL)
    process.wait()


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A worker in one process, killed without warning when the block ends."""
    process = start(environment, *WORKER)
    try:
        yield process
    finally:
        kill(process)


def wait_for(what: Callable[[], bool], process: subprocess.Popen, log: Path, patience: int = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not what():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)

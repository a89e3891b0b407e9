"""A worker as a process of its own, which a test kills."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATIENCE = 60


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A worker in one process, killed without warning when the block ends."""
    command = [sys.executable, "-m", "celery", "-A", "miaoli_kaohsiung", "worker", "--pool", "solo", "--without-gossip"]
    command += ["--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    log = Path(environment["VAR_DIR"], "worker.log").open("ab")  # noqa: SIM115 -- the process writes to it
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        log.close()


def wait_for(what: Callable[[], bool], process: subprocess.Popen, log: Path, patience: int = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not what():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)

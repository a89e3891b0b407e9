"""Runs the gate as a process of its own, so many at once as the machine bears."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .gate import Found, Refused
from .processes import NoAnswerError, ask

# How many gates run at once on this machine, whatever the number of workers; the others wait their turn.
AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
_WAIT_SECONDS = 45
_LOOK_AGAIN_SECONDS = 0.05


def inspect(source: Path, target: Path, kinds: tuple[str, ...]) -> Found:
    """Run gate.inspect in a process. If that dies, or gives no sensible answer in time, or the queue is too long, the
    file is refused.
    """
    with _turn():
        try:
            answer = ask("gate", str(source), str(target), ",".join(kinds))
        except NoAnswerError as error:
            raise Refused("too_complex") from error
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Found(**answer)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of AT_ONCE places, each a locked file that the system releases when its holder ends, however it ends."""
    until = time.monotonic() + _WAIT_SECONDS
    paths = [Path(tempfile.gettempdir()) / f"gate-{os.geteuid()}-{place}.lock" for place in range(AT_ONCE)]
    while True:
        for path in paths:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield
            finally:
                os.close(handle)
            return
        if time.monotonic() > until:
            raise Refused("busy")
        time.sleep(_LOOK_AGAIN_SECONDS)

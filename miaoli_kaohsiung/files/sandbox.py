"""Runs the gate as a process of its own, so many at once as the machine bears."""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .gate import Found, Refused
from .processes import NoAnswerError, ask

# How many gates run at once on this machine, whatever the number of workers; the others wait their turn.
AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
_WAIT_SECONDS = 45
_LOOK_AGAIN_SECONDS = 0.02
_looking = threading.BoundedSemaphore(AT_ONCE)


def inspect(source: Path, target: Path, kinds: tuple[str, ...]) -> Found:
    """Run gate.inspect in a process. If that dies, or gives no sensible answer in time, or the queue is too long, the
    file is refused: as too complex only if it had all that a file may have, else because the machine is busy.
    """
    with _turn():
        try:
            answer = ask("gate", str(source), str(target), ",".join(kinds))
        except NoAnswerError as error:
            raise Refused("busy" if error.busy else "too_complex") from error
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Found(**answer)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of AT_ONCE places, each a locked file that the system releases when its holder ends, however it ends.
    Of one process no more look for a place than there are; the others wait for these.
    """
    until = time.monotonic() + _WAIT_SECONDS
    if not _looking.acquire(timeout=_WAIT_SECONDS):
        raise Refused("busy")
    try:
        place = _place_before(until)
        try:
            yield
        finally:
            os.close(place)
    finally:
        _looking.release()


def _place_before(until: float) -> int:
    """Return the open file of a place; looks again and again until then."""
    paths = [Path(tempfile.gettempdir()) / f"gate-{os.geteuid()}-{place}.lock" for place in range(AT_ONCE)]
    while True:
        for path in paths:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            return handle
        if time.monotonic() > until:
            raise Refused("busy")
        time.sleep(_LOOK_AGAIN_SECONDS)

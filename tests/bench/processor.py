"""Processor time of the web server and the database together: what other work on the machine does not touch.

Read from Linux's accounts; elsewhere there is no figure.
"""

from pathlib import Path

PROC = Path("/proc")


class Meter:
    """Counts the children of the given processes: gunicorn's workers, PostgreSQL's servers of one connection each."""

    def __init__(self, *parents: int) -> None:
        self.parents = parents

    def read(self) -> float | None:
        """Milliseconds that they have run so far; None where the system does not tell."""
        ticks = [_ran(child) for parent in self.parents for child in _children(parent)]
        return sum(ticks) / 1_000_000 if ticks else None


def _children(parent: int) -> list[str]:
    try:
        return (PROC / str(parent) / "task" / str(parent) / "children").read_text().split()
    except OSError:
        return []


def _ran(process: str) -> int:
    """Nanoseconds on a processor; nothing for a process that has just ended."""
    try:
        return int((PROC / process / "schedstat").read_text().split()[0])
    except OSError:
        return 0

"""Processor time of the web server and the database together: what other work on the machine does not touch.

Read from Linux's accounts; elsewhere there is no figure.
"""

import os
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


def _children(parent: int | str) -> list[str]:
    try:
        return [
            child
            for task in (PROC / str(parent) / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def _ran(process: str) -> int:
    """Nanoseconds on a processor; nothing for a process that has just ended."""
    try:
        return int((PROC / process / "schedstat").read_text().split()[0])
    except OSError:
        return 0


def ran_in_all(*parents: int) -> float:
    """Seconds that processes have run, with all that they started, also what has ended since."""
    return sum(_ticks(one) for parent in parents for one in _tree(str(parent))) / os.sysconf("SC_CLK_TCK")


def _tree(process: str) -> list[str]:
    return [process, *(one for child in _children(process) for one in _tree(child))]


def _ticks(process: str) -> int:
    """In user's and system's mode, its own and that of children that it has seen end."""
    try:
        return sum(map(int, (PROC / process / "stat").read_text().rpartition(")")[2].split()[11:15]))
    except OSError:
        return 0

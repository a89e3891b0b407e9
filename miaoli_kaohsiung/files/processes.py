"""Readers of uploaded files in processes of their own: a file that crashes, fills or stalls its reader harms nothing else."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from .reader_server import ANSWERED, LATE, NEVER
from .served import FOLDER, SECONDS, Served

log = logging.getLogger(__name__)

# -I: neither the working folder nor the environment decides what is imported. A reader needs only the folder given.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from {reader}.__main__ import main; main(*sys.argv[1:])"
# Readers of what people send every minute: forked from a process that has imported them.
SERVED = {"gate": Served("gate")}


class NoAnswerError(RuntimeError):
    """The process died, or gave no sensible answer in time. `busy` says that this is no fault of the file: the limits of a
    reader are processor time, so that one which the clock ended had too little of it, or there was no process at all.
    """

    def __init__(self, reader: str, *, busy: bool = False) -> None:
        super().__init__(reader)
        self.busy = busy


def command_of(folder: Path, reader: str, *arguments: str) -> list[str]:
    """Return the command that runs a package of the folder."""
    return [sys.executable, "-I", "-c", _START.format(reader=reader), str(folder), *arguments]


def ask(reader: str, *arguments: str) -> dict[str, Any]:
    """Run a package of this folder and return what it writes as JSON."""
    written = _forked(reader, *arguments) if reader in SERVED else _started(reader, *arguments)
    try:
        answer: dict[str, Any] = json.loads(written)
    except ValueError as error:
        log.warning("the %s gave no answer: %s", reader, error)
        raise NoAnswerError(reader) from error
    return answer


def _forked(reader: str, *arguments: str) -> bytes:
    done = SERVED[reader].ask(*arguments)
    if done.ended != ANSWERED:
        log.warning("the %s gave no answer: %s after %s s of a processor", reader, done.ended, done.processor)
        raise NoAnswerError(reader, busy=done.ended in (LATE, NEVER))
    return done.written


def _started(reader: str, *arguments: str) -> bytes:
    try:
        command = command_of(FOLDER, reader, *arguments)
        return subprocess.run(command, capture_output=True, timeout=SECONDS, check=True, env={}).stdout
    except subprocess.SubprocessError as error:
        log.warning("the %s gave no answer: %s", reader, error)
        raise NoAnswerError(reader, busy=isinstance(error, subprocess.TimeoutExpired)) from error

"""Readers of uploaded files in processes of their own: a file that crashes, fills or stalls its reader harms nothing else."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_SECONDS = 30
# -I: neither the working folder nor the environment decides what is imported. A reader needs only the folder given.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from {reader}.__main__ import main; main(*sys.argv[1:])"


class NoAnswerError(RuntimeError):
    """The process died, or gave no sensible answer in time."""


def command_of(folder: Path, reader: str, *arguments: str) -> list[str]:
    """Return the command that runs a package of the folder."""
    return [sys.executable, "-I", "-c", _START.format(reader=reader), str(folder), *arguments]


def ask(reader: str, *arguments: str) -> dict[str, Any]:
    """Run a package of this folder and return what it writes as JSON."""
    try:
        done = subprocess.run(
            command_of(Path(__file__).parent, reader, *arguments),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={},
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        log.warning("the %s gave no answer: %s", reader, error)
        raise NoAnswerError(reader) from error
    return answer

"""Runs the gate as a process of its own: a file that crashes, fills or stalls its reader takes nothing else with it."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from .gate import Found, Refused

log = logging.getLogger(__name__)

_SECONDS = 30
# -I: neither the working folder nor the environment decide what is imported. The gate's folder is all that it needs.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from gate.__main__ import main; main(*sys.argv[1:])"


def inspect(source: Path, target: Path, kinds: tuple[str, ...]) -> Found:
    """As gate.inspect; a process that dies, or says nothing sensible in time, is a refusal too."""
    arguments = [str(Path(__file__).parent), str(source), str(target), ",".join(kinds)]
    command = [sys.executable, "-I", "-c", _START, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, env={})
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        log.warning("the gate gave no answer: %s", error)
        raise Refused("too_complex") from error
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Found(**answer)

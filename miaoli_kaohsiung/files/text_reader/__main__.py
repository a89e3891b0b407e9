"""Called with SOURCE by files.texts: prints the lines as JSON, within limits; null where the reader is not installed."""

import importlib
import json
import resource
import sys
from pathlib import Path

from . import read

MEMORY = 4 * 1024 * 1024 * 1024
CPU_SECONDS = 28


def main(source: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        lines = read(Path(source), importlib.import_module("rapidocr"))
    except ImportError:
        lines = None
    # What the engine itself prints does not belong to the answer.
    sys.stdout.write("\n" + json.dumps({"lines": lines}))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Called with SOURCE by files.straight: prints the straightened paper as JSON, within limits."""

import base64
import json
import resource
import sys
from pathlib import Path

from . import Refused, straight

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 20


def main(source: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = {"jpeg": base64.b64encode(straight(Path(source))).decode("ascii")}
    except (Refused, MemoryError, RecursionError):
        answer = {}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Called with SOURCE and the number of a page by files.pages: prints the picture as JSON, within limits."""

import base64
import json
import resource
import sys
from pathlib import Path

from . import Refused, draw

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10


def main(source: str, number: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = {"png": base64.b64encode(draw(Path(source), int(number))).decode("ascii")}
    except (Refused, MemoryError, RecursionError):
        answer = {}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

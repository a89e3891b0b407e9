"""Called with SOURCE by files.looks: prints what the picture looks like as JSON, within limits."""

import json
import resource
import sys
from pathlib import Path

from . import look

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 20


def main(source: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = look(Path(source))
    except (MemoryError, RecursionError):
        answer = ""
    sys.stdout.write(json.dumps({"look": answer}))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Called with SOURCE and the most pages by files.papers: prints what stands on each page as JSON, within limits."""

import json
import resource
import sys
from pathlib import Path

from . import Refused, read

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 28


def main(source: str, most_pages: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer: dict[str, object] = {"pages": read(Path(source), int(most_pages))}
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "unreadable"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

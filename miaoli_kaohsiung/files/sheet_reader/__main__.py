"""Called with SOURCE and its limits by files.sheets: prints the rows as one line of JSON, within limits of time and memory."""

import json
import resource
import sys
from pathlib import Path

from . import Limits, Refused, read

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20


def main(source: str, rows: str, columns: str, longest: str, kinds: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer: dict[str, object] = {
            "rows": read(Path(source), Limits(int(rows), int(columns), int(longest), kinds == "text"))
        }
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complex"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Called with SOURCE TARGET KIND,KIND by files.sandbox: prints one line of JSON, within limits of time and memory."""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from .inspection import inspect
from .refusal import Refused

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
TARGET_BYTES = 256 * 1024 * 1024


def main(source: str, target: str, kinds: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TARGET_BYTES, TARGET_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = asdict(inspect(Path(source), Path(target), tuple(kinds.split(","))))
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complex"}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

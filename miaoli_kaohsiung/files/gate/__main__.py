"""Called with SOURCE TARGET KIND,KIND by files.sandbox: prints one line of JSON, within limits of time and memory."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from . import limits
from .inspection import inspect, sniff
from .kinds import CONVERTED
from .refusal import Refused


def main(source: str, target: str, kinds: str) -> None:
    try:
        # Reading the first bytes costs nothing; what they say decides what the rest may cost.
        kind = sniff(Path(source))
        limits.hold(limits.CONVERT if kind in CONVERTED else limits.CHECK)
        answer = asdict(inspect(Path(source), Path(target), tuple(kinds.split(","))))
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complex"}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

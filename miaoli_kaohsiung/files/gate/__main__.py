"""Called with SOURCE TARGET KIND,KIND by files.sandbox: prints one line of JSON, within limits of time and memory."""

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

from . import limits
from .inspection import inspect, sniff
from .kinds import CONVERTED
from .refusal import Refused

# What pypdf brings in when it is there, to read fonts and to take pictures out, and the gate does neither: half of the
# processor time of a file.
UNUSED = ("fontTools", "PIL")
# Brought in as well, for a document that is locked.
FOR_LOCKED = "cryptography"
_ESCAPE = re.compile(rb"#([2-7][0-9A-Fa-f])")
_MANY_ESCAPES = 100_000


def leave_out(source: Path) -> None:
    """Have the reader of a PDF do without what this file does not need. A locked one that does not say so is refused as
    broken.
    """
    data = source.read_bytes()
    many = data.count(b"#") > _MANY_ESCAPES
    plain = data if many else _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), data)
    for name in UNUSED if many or b"/Encrypt" in plain else (*UNUSED, FOR_LOCKED):
        sys.modules[name] = None  # type: ignore[assignment]  # as documented: importing it fails


def main(source: str, target: str, kinds: str) -> None:
    try:
        # Reading the first bytes costs nothing; what they say decides what the rest may cost.
        kind = sniff(Path(source))
        limits.hold(limits.CONVERT if kind in CONVERTED else limits.CHECK)
        if kind == "pdf":
            leave_out(Path(source))
        answer = asdict(inspect(Path(source), Path(target), tuple(kinds.split(","))))
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complex"}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

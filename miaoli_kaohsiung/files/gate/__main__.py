"""Called with SOURCE TARGET KIND,KIND by files.sandbox: prints one line of JSON, within limits of time and memory."""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from . import limits
from .inspection import inspect, sniff
from .kinds import CONVERTED
from .refusal import Refused

# What pypdf brings in when it is there, to read fonts: the gate reads none.
_UNUSED = "fontTools"


def prepare() -> None:
    """Import what is needed for the usual kinds, once for all files: most of the processor time of one."""
    sys.modules[_UNUSED] = None  # type: ignore[assignment]  # as documented: importing it fails
    for name in ("pdf", "picture", "odf"):
        importlib.import_module(f".{name}", __package__)
    # Whatever sets a document anew as a PDF has use for it.
    del sys.modules[_UNUSED]
    Image.preinit()


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

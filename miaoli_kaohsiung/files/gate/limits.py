"""What a file may cost: the process of the gate takes its limits from what the file is."""

import resource
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
TARGET_BYTES = 64 * MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """`memory` is the process's own writable memory in bytes, `seconds` are of the processor."""

    memory: int
    seconds: int


# What is only looked at, or written anew in its own kind.
CHECK = Limits(170 * MEBIBYTE, 2)
# What is turned into another kind: more is unpacked at once.
CONVERT = Limits(640 * MEBIBYTE, 12)


def hold(limits: Limits) -> None:
    """Hold this process to the limits; they can only be set once to something higher than before starting the work."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TARGET_BYTES, TARGET_BYTES))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))

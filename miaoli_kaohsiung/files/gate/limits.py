"""What a file may cost: the process of the gate sets its limits by the kind of file."""

import resource
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
TARGET_BYTES = 64 * MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """`memory` is the process's own writable memory in bytes, `seconds` are processor time."""

    memory: int
    seconds: int


# For kinds that are only inspected, or rewritten in their own kind.
CHECK = Limits(170 * MEBIBYTE, 2)
# For kinds that are turned into another one: more is unpacked at once.
CONVERT = Limits(640 * MEBIBYTE, 12)


def hold(limits: Limits) -> None:
    """Hold this process to the limits. They can be lowered but not raised later, so this is called once, before the
    work.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TARGET_BYTES, TARGET_BYTES))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))

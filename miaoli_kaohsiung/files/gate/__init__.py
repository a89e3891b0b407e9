"""The gate: decides by its content whether a file may be kept. Runs as a process of its own, within limits, without
Django.

`inspect(path, target)` returns what the file is, or raises Refused with a code, whose words are in `files.messages`.
"""

from .inspection import Found, inspect
from .kinds import EVERY_KIND, KINDS, taken_for
from .refusal import Refused

__all__ = ["EVERY_KIND", "KINDS", "Found", "Refused", "inspect", "taken_for"]

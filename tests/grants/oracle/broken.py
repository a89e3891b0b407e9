"""One clause that a case breaks, and how a limit with a strict and a lenient reading is judged."""

from dataclasses import dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Broken:
    """`over` and `most` (the most that passes every reading) are -1 where the clause names no number; `about` is the
    line, or the person and month, that the clause speaks of; "" if it speaks of the whole case.
    """

    clause: str
    severity: str
    about: str = ""
    over: Any = -1
    most: Any = -1


def at_most(
    clauses: str, value: int, strict: int, lenient: int, about: str = "", most: int | None = None
) -> list[Broken]:
    """Judge a value: up to the strict reading nothing, up to the lenient one a warning, beyond it an error."""
    if value <= strict:
        return []
    severity, limit = (WARNING, strict) if value <= lenient else (ERROR, lenient)
    return [
        Broken(clause, severity, about, value - limit, strict if most is None else most) for clause in clauses.split()
    ]


def at_least(clause: str, value: int, least: int, severity: str = ERROR) -> list[Broken]:
    return [] if value >= least else [Broken(clause, severity, "", least - value, least)]

"""What the law says about a case: findings, limits and totals. All values are frozen and can be written as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

ERROR, WARNING, INFO = "error", "warning", "info"
TWD, PERSONS, HOURS, DAYS, YEARS, COUNT = "TWD", "persons", "hours", "days", "years", "count"
# An amount or a number, exact: an int if it is whole.
Exact = int | Fraction
UNIT_WORDS = {TWD: "元", PERSONS: "人", HOURS: "小時", DAYS: "日", YEARS: "歲", COUNT: "次"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a clause says about a case. Numbers are exact; some findings have days instead.

    `allowed` is the bound from which `over` is counted: the lenient one for an error, the strict one for a warning.
    `suggested` is the most (or, for a minimum, the least) that passes every reading. Money is whole NT dollars; `unit`
    says what the numbers count. `kind` is limit, blank, missing, notice, namesake (the same name in another body's
    case) or held (a rule that crashed holds the case). A finding about several lines has them in `lines`; `basis` is
    the sentence of the limit at `suggested`, for the reason of a cut to that amount; `two_limits` says that between
    `suggested` and a higher limit a written reason is asked for.
    """

    clause: str
    severity: str
    message: str
    line: str | None = None
    person: str | None = None
    month: str | None = None
    requested: Any = None
    allowed: Any = None
    over: Any = None
    unit: str | None = None
    suggested: Any = None
    arithmetic: str = ""
    kind: str = "limit"
    fact: str | None = None
    parameters: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    basis: str = ""
    two_limits: bool = False

    @property
    def blocks(self) -> bool:
        return self.severity == ERROR

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


# What a rule returns.
Found = Iterable[Finding] | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that was checked, kept or not, so that the screen can show the arithmetic of a line that passes."""

    clause: str
    line: str | None
    requested: int
    allowed: int
    arithmetic: str

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Meter:
    """A share of the whole budget: used, the most that passes every reading, and the most under the lenient reading."""

    clause: str
    label: str
    used: int
    allowed: int
    lenient: int
    arithmetic: str
    item: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Totals:
    requested: int = 0
    own_funds: int = 0
    other_funds: int = 0
    by_item: dict[str, int] = field(default_factory=dict)
    by_group: dict[str, int] = field(default_factory=dict)
    meters: tuple[Meter, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings at once, with the totals that they rest on and, if traced, the parameters read and the limits kept."""

    findings: tuple[Finding, ...]
    totals: Totals
    ruleset: str
    parameters_read: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == WARNING)

    @property
    def blocks(self) -> bool:
        return any(f.severity == ERROR for f in self.findings)

    def of_line(self, line_id: str) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.line == line_id)

    def most_for(self, line_id: str) -> int | None:
        """Return the most NT dollars that the line may ask for under all its limits; None if no limit is broken."""
        tightest = self.tightest(line_id)
        return None if tightest is None else tightest.suggested

    def tightest(self, line_id: str) -> Finding | None:
        """Return the finding with the lowest limit in NT dollars of the line; None if no limit is broken. One that the
        county waived for the case is information alone.
        """
        binding = (f for f in self.findings if f.line == line_id and f.severity != INFO)
        of_money = (f for f in binding if f.unit == TWD and f.suggested is not None)
        return min(of_money, key=lambda f: f.suggested, default=None)

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}

    def to_json(self) -> bytes:
        """Return canonical bytes: the same evaluation is always written the same way."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """Return the value as JSON types: dates as ISO text, exact fractions as a number if whole, else as text."""
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list, frozenset, set)):
        parts = sorted(value) if isinstance(value, (frozenset, set)) else value
        return [plain(part) for part in parts]
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    exact = Fraction(value)
    if exact.denominator == 1:
        return exact.numerator
    return float(exact) if float(exact) == exact else str(exact)

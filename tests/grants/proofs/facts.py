"""Cases of unknown numbers, and both sides of a law of unknown numbers."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from grants.rules.bounds import Context
from grants.rules.facts import Case, Elsewhere, Line, Organisation, Project
from grants.rules.findings import Finding
from grants.rules.registry import Rule
from grants.rules.ruleset import RuleSet
from tests.grants.proofs.symbolic import Knowledge, Number, pick

ON = dt.date(2010, 6, 1)
# Numbers by which the law divides: a ruling of 0 would hold every case.
DIVISORS = ("elder_aide.elders_each", "disability_aide.users_each")


class Side(Mapping[str, Any]):
    """One side of the law: its numbers may be any that a ruling can set. Of its readings those in `open_readings` may be
    each that they can be, all others are as filed.
    """

    def __init__(self, law: RuleSet, known: Knowledge, strict: bool, open_readings: tuple[str, ...]) -> None:
        self.law, self.known, self.strict, self.open_readings = law, known, strict, open_readings
        self.other: Side = self
        self.numbers: dict[str, Number] = {}

    def __getitem__(self, name: str) -> Any:
        parameter = self.law.parameters[name]
        if parameter.type == "int":
            return self._number(name, parameter.direction)
        if name not in self.open_readings:
            value = parameter.at(ON)
            return value.strict if self.strict else value.lenient
        return pick(f"{name} {self.strict}", self._open(name, list(parameter.choices)))

    def _open(self, name: str, order: list[str]) -> list[str]:
        """Return the readings that this side may have beside that of the other."""
        from tests.grants.proofs import symbolic

        beside = symbolic._now().choices.get(f"{name} {not self.strict}")
        if beside is None:
            return order
        place = order.index(beside)
        return order[: place + 1] if self.strict else order[place:]

    def _number(self, name: str, direction: str) -> Number:
        if name not in self.numbers:
            least = 1 if name in DIVISORS else 0
            mine = self.numbers[name] = self.known.number(f"{name} {self.strict}", least)
            theirs = self.other.numbers[name] = self.known.number(f"{name} {not self.strict}", least)
            low, high = (mine.whole, theirs.whole) if self.strict else (theirs.whole, mine.whole)
            orders = {"": low == high, "max": low <= high, "min": low >= high}
            self.known.facts.append(orders[direction])
        return self.numbers[name]

    def __iter__(self) -> Any:
        return iter(self.law.parameters)

    def __len__(self) -> int:
        return len(self.law.parameters)


class Sides:
    """Both sides of a law, and the wages of months, unknown."""

    def __init__(self, law: RuleSet, known: Knowledge, open_readings: tuple[str, ...]) -> None:
        self.law, self.known = law, known
        self.strict, self.lenient = Side(law, known, True, open_readings), Side(law, known, False, open_readings)
        self.strict.other, self.lenient.other = self.lenient, self.strict
        self.wages: dict[tuple[str, str], Number] = {}

    def wage(self, kind: str, month: str) -> Number:
        if (kind, month) not in self.wages:
            self.wages[kind, month] = self.known.number(f"wage {kind} {month}")
        return self.wages[kind, month]

    def judge(self, rule: Rule, case: Case) -> list[Finding]:
        """Return what the rule finds: for each line of its items, or for the case."""
        context = Context(case, self.law)
        context.strict, context.lenient = self.strict, self.lenient
        context.statutory = self.wage  # type: ignore[method-assign]
        if not rule.items:
            return list(rule.function(context) or ())
        return [hit for line in case.lines if line.item in rule.items for hit in rule.function(context, line) or ()]


def case_of(
    *lines: Line,
    programme: str = "growth_prevention",
    elsewhere: Elsewhere | None = None,
    organisation: Mapping[str, Any] | None = None,
    project: Mapping[str, Any] | None = None,
    **answers: Any,
) -> Case:
    who = Organisation(
        **{"kind": "community_association", "county": "高雄縣", "township": "旗山鎮", **(organisation or {})}
    )
    days = {"starts_on": dt.date(2010, 4, 1), "ends_on": dt.date(2010, 5, 31), **(project or {})}
    plan = Project(programme, service_area=("旗山鎮",), answers=MappingProxyType(answers), **days)
    return Case(dt.date(2010, 3, 15), who, plan, lines, elsewhere or Elsewhere())


def line_of(
    item: str, requested: Any, name: str = "1", quantities: Mapping[str, Any] | None = None, **more: Any
) -> Line:
    return Line(name, item, requested, quantities=MappingProxyType(dict(quantities or {})), **more)


# The numbers of a question by name → its case.
Make = Callable[[Mapping[str, Any]], Case]

"""The +20 % for those who pay (參、二、3 and 三、3; A22): which months and costs of an award it is counted on."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grants.models import Award, Settlement, SettlementLine, SettlementMonth
from grants.rules import catalogue
from grants.rules.ruleset import load

from .settlement_rows import lines_of

MEALS = frozenset(["meals"])
OPERATIONS = frozenset(code for code, item in catalogue.items().items() if item.group == "operations")
ATTENDANCE_CLAUSE = "K3.I.3.2c"


@dataclass(frozen=True)
class Part:
    """A kind of cost that is raised: its items, and the clause. `average`: the month's average of users is asked too."""

    code: str
    label: str | Promise
    clause: str
    items: frozenset[str]
    average: bool = False


PARTS = {
    "elder_care_station": (
        Part("courses", _l("上課（業務費）"), "K3.I.2.3a", OPERATIONS - MEALS),
        Part("meals", _l("用餐（餐飲費用）"), "K3.I.2.3b", MEALS),
    ),
    "disability_day_care": (Part("courses", _l("上課（業務費）"), "K3.I.3.3", OPERATIONS, average=True),),
}


def parts_of(settlement: Settlement) -> tuple[Part, ...]:
    """The parts of the award's programme that its scheme's law raises."""
    case = settlement.award.application
    clauses = load(case.scheme.ruleset).clauses
    return tuple(part for part in PARTS.get(case.programme.code, ()) if part.clause in clauses)


def months_of(award: Award) -> list[str]:
    """The months of the award's period: "2010-03", … A project that ended early has no months after its end."""
    last = min(award.ends_on, award.completed_on or award.ends_on)
    numbers = range(award.starts_on.year * 12 + award.starts_on.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


def rows_of(settlement: Settlement, part: Part) -> list[SettlementMonth]:
    """One row a month; a month that was not saved yet is an unsaved row."""
    held = {row.month: row for row in settlement.months.all() if row.part == part.code}
    return [
        held.get(month) or SettlementMonth(settlement=settlement, part=part.code, month=month)
        for month in months_of(settlement.award)
    ]


def spent_of(settlement: Settlement, part: Part) -> int:
    """Of the part's lines what was spent, at most what was approved of each: months cannot cost more together."""
    return sum(min(line.spent or 0, line.line.approved) for line in _lines(settlement, part))


def admitted_of(settlement: Settlement, part: Part) -> int:
    """The same of what finance admitted."""
    return sum(min(line.admitted or 0, line.line.approved) for line in _lines(settlement, part))


def approved_of(settlement: Settlement, part: Part) -> int:
    return sum(line.line.approved for line in _lines(settlement, part))


def _lines(settlement: Settlement, part: Part) -> list[SettlementLine]:
    return [line for line in lines_of(settlement) if line.line.item in part.items]

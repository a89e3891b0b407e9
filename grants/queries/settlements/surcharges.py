"""The +20 % for those who pay (參、二、3 and 三、3; A22): the months and costs of an award on which it is counted."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Award, Settlement, SettlementLine, SettlementMonth
from grants.queries.law import pages
from grants.rules import catalogue
from grants.rules.ruleset import RuleSet, load

from .rows import lines_of

MEALS = frozenset(["meals"])
OPERATIONS = frozenset(code for code, item in catalogue.items().items() if item.group == "operations")


@dataclass(frozen=True)
class Part:
    """A kind of cost with a surcharge: its items, and the role of its clause in a law, with the clause once the law is
    known. With `average`, the month's average number of users is asked too.
    """

    code: str
    label: str | Promise
    role: str
    items: frozenset[str]
    average: bool = False
    clause: str = ""


PARTS = {
    "elder_care_station": (
        Part("courses", _l("上課（業務費）"), "surcharge_station_courses", OPERATIONS - MEALS),
        Part("meals", _l("用餐（餐飲費用）"), "surcharge_station_meals", MEALS),
    ),
    "disability_day_care": (Part("courses", _l("上課（業務費）"), "surcharge_day_care", OPERATIONS, average=True),),
}


def parts_of(settlement: Settlement) -> tuple[Part, ...]:
    """Return the parts of the award's programme for which its scheme's law has a surcharge."""
    case = settlement.award.application
    filed = load(case.scheme.ruleset)
    parts = (replace(part, clause=filed.cite(part.role)) for part in PARTS.get(case.programme.code, ()))
    return tuple(part for part in parts if part.clause)


def in_words(ruleset: RuleSet, on: dt.date) -> tuple[str, str]:
    """Return two sentences by the law of the day: what is added for those who pay, and how many users are asked for."""
    share, extra = (_in_words(ruleset, f"surcharge.{name}", on) for name in ("payers_share", "extra_share"))
    rule = _("收費人數達總人數 %(share)s 的月份，當月費用加給 %(extra)s，結報核准後一起撥付。沒有收費的月份可以不填。")
    least = _("平均服務人數不足 %(least)s 位的月份，請寫說明。")
    words = rule % {"share": share, "extra": extra}
    return words, least % {"least": ruleset.value("day_care.users", on, "lenient")}


def _in_words(ruleset: RuleSet, name: str, on: dt.date) -> str:
    parameter = ruleset.parameter(name)
    return pages.in_words(parameter, parameter.at(on).lenient)


def months_of(award: Award) -> list[str]:
    """Return the months of the award's period: "2010-03", … A project that ended early has none after its end."""
    last = min(award.ends_on, award.completed_on or award.ends_on)
    numbers = range(award.starts_on.year * 12 + award.starts_on.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


def rows_of(settlement: Settlement, part: Part) -> list[SettlementMonth]:
    """Return one row a month; a month that was not saved yet is an unsaved row."""
    held = {row.month: row for row in settlement.months.all() if row.part == part.code}
    return [
        held.get(month) or SettlementMonth(settlement=settlement, part=part.code, month=month)
        for month in months_of(settlement.award)
    ]


def spent_of(settlement: Settlement, part: Part) -> int:
    """Return what was spent on the part's lines, at most what was approved of each: the months together cannot cost
    more.
    """
    return sum(min(line.spent or 0, line.line.approved) for line in _lines(settlement, part))


def admitted_of(settlement: Settlement, part: Part) -> int:
    """Return what finance admitted of the part's lines, in the same way."""
    return sum(min(line.admitted or 0, line.line.approved) for line in _lines(settlement, part))


def approved_of(settlement: Settlement, part: Part) -> int:
    return sum(line.line.approved for line in _lines(settlement, part))


def _lines(settlement: Settlement, part: Part) -> list[SettlementLine]:
    return [line for line in lines_of(settlement) if line.line.item in part.items]

"""How much a programme pays, in words: always the law's own numbers of the day, none written into a page."""

import datetime as dt
from dataclasses import dataclass

from grants.rules import catalogue
from grants.rules.filed.tables import asks_for
from grants.rules.ruleset import NoValue, RuleSet

from .pages import in_words

OWN_SHARE = "subsidy.own_share"


@dataclass(frozen=True)
class Sum:
    """A number of the law: what it is for, the value with its unit (both sides of an open reading), and its clause."""

    title: str
    value: str
    clause: str
    label: str


def sums_of(ruleset: RuleSet, programme: str, on: dt.date) -> list[Sum]:
    """Return the numbers that say how much the programme pays; those that the county has still to file are left out."""
    found = []
    for name in catalogue.sums(programme):
        parameter = ruleset.parameter(name)
        try:
            value = parameter.at(on)
        except NoValue:
            continue
        strict, lenient = in_words(parameter, value.strict), in_words(parameter, value.lenient)
        words = strict if value.settled else f"{strict}～{lenient}"
        title = parameter.title.partition("（")[0]
        found.append(Sum(title, words, parameter.clause, ruleset.clause(parameter.clause).label))
    return found


def asks_own_share(law: RuleSet) -> bool:
    """Return whether the law asks the applicant to bear a share of the whole cost."""
    return OWN_SHARE in law.parameters or asks_for("own_share", law.data)

"""Clauses of enforcement I, shown where they matter; the law files name the page."""

from grants.rules import catalogue
from grants.rules.ruleset import Clause, RuleSet


def notes_in(ruleset: RuleSet, page: str, programme: str = "") -> list[Clause]:
    """Return the clauses that the law wants shown on the page, in its order; of the programmes' chapter only the
    programme's own.
    """
    section = catalogue.all_programmes()[programme].clause if programme else ""
    return [
        clause
        for clause in ruleset.clauses.values()
        if page in clause.page
        and (not section or of_section(clause.id, section, ruleset.head.get("programmes_in", "")))
    ]


def of_section(clause: str, section: str, chapter: str) -> bool:
    """Return whether a clause is for the programme of this section: 參 I 四、2 for 參 I 四, 參 II 二–四 for 參 II 三. Clauses
    outside the chapter of the programmes ("" if the law has none) are for all.
    """
    if not chapter or not clause.startswith(f"{chapter}."):
        return True
    first, dash, last = clause.partition("–")
    if not dash:
        return clause == section or clause.startswith(f"{section}.")
    stem, _dot, start = first.rpartition(".")
    return section in [f"{stem}.{number}" for number in range(int(start), int(last) + 1)]

"""Clauses of enforcement I, to be shown where they matter: the law files name the page."""

from grants.rules import catalogue
from grants.rules.ruleset import Clause, RuleSet


def notes_in(ruleset: RuleSet, page: str, programme: str = "") -> list[Clause]:
    """The clauses that the law wants shown on the page, in its order; of 參 only the programme's own."""
    section = catalogue.all_programmes()[programme].clause if programme else ""
    return [
        clause
        for clause in ruleset.clauses.values()
        if page in clause.page and (not section or of_section(clause.id, section))
    ]


def of_section(clause: str, section: str) -> bool:
    """Whether a clause is for the programme of this section: K3.I.4.2 and K3.I.4, K3.II.2–4 and K3.II.3."""
    if not clause.startswith("K3."):
        return True
    first, dash, last = clause.partition("–")
    if not dash:
        return clause == section or clause.startswith(f"{section}.")
    stem, _dot, start = first.rpartition(".")
    return section in [f"{stem}.{number}" for number in range(int(start), int(last) + 1)]

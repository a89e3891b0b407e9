"""`manage.py clause_table`: for each clause the rule, checklist item, task and page that carry it (docs/clauses.md)."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from grants import duty_kinds
from grants.rules import chapters, laws, registry  # noqa: F401  registers the rules
from grants.rules.ruleset import Clause, load

HEAD = """# Clause by clause: what carries it

Written by `manage.py clause_table > docs/clauses.md` from the law files, the rules and the duties; a test compares the two, and
fails when a clause lacks a means that its enforcement asks for (E W C a rule, R a checklist item, M a job or page, I a page).
"""
# Which pages of the portal the law files mean by their names.
PAGES = {
    "law": "/schemes/<slug>/law/",
    "home": "/",
    "programme": "/applications/<number>/",
    "budget": "/applications/<number>/budget/",
    "award": "/awards/<number>/",
    "open_data": "/open-data/",
}
CHECKLIST = "/applications/<number>/check/"
RECORDS = "/tasks/"
# What makes a duty of a scope, and where it is recorded; the daily job unless stated otherwise.
MAKERS = {
    "event": ("duties.records.invite", RECORDS),
    "association": ("duties.associations.wanted", "/tasks/communities/"),
    "occasion": ("duties.records.plan", "/tasks/events/"),
}


class Command(BaseCommand):
    help = "Writes what carries each clause as a Markdown table, to standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document())


def document() -> str:
    return "\n".join([HEAD, *(line for law in laws.found() for line in _section(law))])


def _section(law: str) -> Iterator[str]:
    yield from (
        f"## {law}",
        "",
        "| clause | enforcement | rule | checklist | task | shown on |",
        "|---|---|---|---|---|---|",
    )
    for clause in load(law).clauses.values():
        cells = (
            rules_of(law, clause) + ([clause.applied] if clause.applied else []),
            checklist_of(clause),
            tasks_of(clause),
            pages_of(clause),
        )
        message = " | ".join("<br>".join(cell) for cell in cells)
        yield f"| {clause.id} | {' '.join(clause.enforcement)} | {message} |"
    yield ""


def rules_of(law: str, clause: Clause) -> list[str]:
    """Return the registered rules that may cite the clause, and what computes or checks it elsewhere."""
    found = [f"`{rule.name}`" for rule in registry.rules() if rule.law == law and clause.id in rule.clauses]
    return found + ([clause.by if clause.by.startswith("portal") else f"`{clause.by}`"] if clause.by else [])


def checklist_of(clause: Clause) -> list[str]:
    return [f"{CHECKLIST} {clause.checklist}"] if clause.checklist else []


def tasks_of(clause: Clause) -> list[str]:
    """Return each kind of task with what makes it: the daily job, an officer, or the page that always says it."""
    return [f"{key}: {_made_by(key)}" for key in clause.task]


def pages_of(clause: Clause) -> list[str]:
    return [PAGES[page] for page in clause.page]


def _made_by(key: str) -> str:
    if key in duty_kinds.ELSEWHERE:
        return f"`{duty_kinds.ELSEWHERE[key]}`"
    maker, page = MAKERS.get(duty_kinds.DUTIES[key].scope, ("duties.records.plan", RECORDS))
    return f"`grants.services.{maker}`, {page}"

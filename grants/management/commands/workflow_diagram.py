"""`manage.py workflow_diagram`: the tables of grants.workflow as Markdown with Mermaid diagrams (docs/workflow.md)."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from grants.workflow.core import Move, Table
from grants.workflow.tables import TABLES

HEAD = """# How a status changes

Written by `manage.py workflow_diagram > docs/workflow.md` from the tables of `grants/workflow/`; a test compares the two.
"""


class Command(BaseCommand):
    help = "Writes every transition table as a Mermaid diagram and as a table, to standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document())


def document() -> str:
    return "\n".join([HEAD, *(line for table in TABLES for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    yield from (f"## {table.name}", "", "```mermaid", "stateDiagram-v2")
    for status in table.statuses:
        yield f"    {status.value}: {status.label}"
    for step in table.moves:
        for source in table.statuses.values:
            if source in step.sources:
                yield f"    {source} --> {step.target}: {step.label}"
    yield from ("```", "", "| move | on the screen | from | to | by |", "|---|---|---|---|---|")
    for step in table.moves:
        sources = ", ".join(source for source in table.statuses.values if source in step.sources)
        yield f"| `{step.name}` | {step.label} | {sources} | {step.target} | {_by(step)} |"
    yield ""


def _by(step: Move) -> str:
    return "、".join(str(role.label) for role in step.roles) or "a job, or the service of another move"

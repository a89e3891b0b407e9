from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from miaoli_kaohsiung.lib.migrating import PatientSchemaEditor


class Command(migrate.Command):
    """Django's own, under the hands of people who work: see lib/migrating.py."""

    def handle(self, *args: Any, **options: Any) -> None:
        connections[options["database"]].SchemaEditorClass = PatientSchemaEditor
        super().handle(*args, **options)

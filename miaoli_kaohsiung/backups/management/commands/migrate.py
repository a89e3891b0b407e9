from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from miaoli_kaohsiung.lib import rights
from miaoli_kaohsiung.lib.migrating import PatientSchemaEditor


class Command(migrate.Command):
    """Django's own, under the hands of people who work: see lib/migrating.py. Roles that serve get their rights on what is new."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        connection.SchemaEditorClass = PatientSchemaEditor
        with connection.cursor() as cursor:
            owner = rights.owner_elsewhere(cursor)
        if owner:
            raise CommandError(f"The tables belong to {owner}: migrate with the DATABASE_URL of that role.")
        super().handle(*args, **options)
        if options["plan"]:
            return
        with connection.cursor() as cursor:
            for role in rights.serving_roles(cursor, of_owner=True):
                rights.grant(cursor, role)

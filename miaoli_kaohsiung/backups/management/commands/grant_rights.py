"""`manage.py grant_rights ROLE`: the owner of the tables lets a role read and write rows, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

from miaoli_kaohsiung.lib import rights


class Command(BaseCommand):
    help = "Lets a role of the database read and write rows, and nothing else; run by the owner of the tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="with which web, worker and beat connect; it owns nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        with connection.cursor() as cursor:
            self._refuse_unfit(cursor, role)
            try:
                with transaction.atomic():
                    given = rights.grant(cursor, role)
                    left = rights.excess(cursor, role)
                    if left:
                        raise CommandError(f"{role} still {', '.join(left)}. Nothing was changed.")
            except DatabaseError as error:
                raise CommandError(f"The owner of the tables must own the database as well: {error}") from error
        fixed = sum("UPDATE" not in each for each in given.values())
        self.stdout.write(f"{role} reads and writes rows of {len(given)} tables; of {fixed} it changes none.")

    def _refuse_unfit(self, cursor: Any, role: str) -> None:
        """Say what the database's administrator must do first."""
        if owner := rights.owner_elsewhere(cursor):
            raise CommandError(f"The tables belong to {owner}: run this with the DATABASE_URL of that role.")
        if not rights.tables(cursor):
            raise CommandError("There are no tables of this role yet: run migrate first, with the same DATABASE_URL.")
        try:
            unfit = [words for words in rights.excess(cursor, role) if words in rights.OF_THE_ROLE]
        except LookupError as error:
            raise CommandError(f"There is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '…'.") from error
        if unfit:
            raise CommandError(
                f"{role} {', '.join(unfit)}. A role that serves is made anew: CREATE ROLE … LOGIN PASSWORD '…'."
            )

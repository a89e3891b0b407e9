"""`manage.py create_administrator`: the first person of a new portal, who invites everybody else."""

import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.accounts import services


class Command(BaseCommand):
    help = "Makes the account of an administrator of both counties; asks for the password twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("display_name", help="the name shown on pages and in the trail")

    def handle(self, *args: Any, username: str, email: str, display_name: str, **options: Any) -> None:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise CommandError("The two passwords differ.")
        try:
            services.create_administrator(username, email=email, display_name=display_name, password=password)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        except services.PostError as refused:
            raise CommandError(refused.reason) from refused
        self.stdout.write(f"{username} may sign in now; a second factor is set up on first signing in.")

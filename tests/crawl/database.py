"""The demonstration in a database that is put back after each press: a copy of a template, made anew in a moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts.models import User


class Demonstration:
    """`name` is the database that the portal works on, `template` the one it is put back from."""

    def __init__(self, tests: str) -> None:
        self.tests, self.template, self.name = tests, f"{tests}_demo", f"{tests}_crawl"
        self.cookies: dict[str, str] = {}

    def load(self) -> None:
        """Fill the template with the demonstration and a session of everybody in it."""
        self._copy(self.tests, self.template)
        self._use(self.template)
        # The townships come with a migration; tests of real transactions before this one emptied their table.
        load_townships()
        call_command("load_demo")
        for user in User.objects.filter(is_active=True):
            client = Client()
            client.force_login(user)
            self.cookies[user.username] = client.cookies["sessionid"].value
        self.put_back()

    def put_back(self) -> None:
        """Make the database equal to the template, whatever was pressed since."""
        self._copy(self.template, self.name)
        self._use(self.name)

    def remove(self) -> None:
        self._use(self.tests)
        with _server() as run:
            for name in (self.name, self.template):
                run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _copy(self, source: str, target: str) -> None:
        connections.close_all()
        with _server() as run:
            run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            # A thread that served an earlier page may still hold its connection; a template must have none.
            run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            run(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy')

    def _use(self, name: str) -> None:
        """Every thread's next connection goes to this database."""
        connections.close_all()
        connections.settings["default"]["NAME"] = name


@contextmanager
def _server() -> Iterator:
    """Run statements of the server itself, outside any database of the tests and outside a transaction."""
    with connection._nodb_cursor() as cursor:
        yield cursor.execute


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """The demonstration on 99年6月1日, until the block ends."""
    demo = Demonstration(str(connections.settings["default"]["NAME"]))
    try:
        demo.load()
        yield demo
    finally:
        demo.remove()

"""The demonstration in databases of its own: loaded once into a template, of which a copy is made anew in a moment.

Where several processes run the tests, the first that looks at it loads it for all: two minutes of a processor.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import override_settings

from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts.models import User
from tests import template_database


class Demonstration:
    """`name` is the database that the portal works on, `template` the one it is put back from; its files lie in `folder`."""

    def __init__(self, tests: str, folder: Path) -> None:
        self.tests, self.template, self.name = tests, f"{tests}_demo", f"{tests}_shown"
        self.shared = template_database.MAKING in os.environ
        if self.shared:
            folder = Path(os.environ[template_database.MAKING]).parent / "demonstration"
            folder.mkdir(exist_ok=True)
            self.template = "portal_demonstration"
        self.folder = folder
        self.cookies: dict[str, str] = {}

    def load(self) -> None:
        """Fill the template with the demonstration and a session of everybody in it, unless another process did."""
        kept = self.folder.with_suffix(".json")
        with self.folder.with_suffix(".lock").open("w") as loading:
            fcntl.flock(loading, fcntl.LOCK_EX)
            if not (self.shared and kept.exists()):
                self._fill()
                kept.write_text(json.dumps(self.cookies))
        self.cookies = json.loads(kept.read_text())

    def _fill(self) -> None:
        self._copy(self.tests, self.template)
        self._use(self.template)
        with override_settings(**folders(self.folder)):
            # The townships come with a migration; tests of real transactions before this one emptied their table.
            load_townships()
            call_command("load_demo", verbosity=0)
            for user in User.objects.filter(is_active=True):
                client = Client()
                client.force_login(user)
                self.cookies[user.username] = client.cookies["sessionid"].value
        self._use(self.tests)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The portal works on a copy until the block ends; the files stay where they are, see `bring_files`."""
        self.put_back()
        try:
            yield
        finally:
            self._use(self.tests)

    def bring_files(self) -> None:
        """Lay a copy of the uploads and the portal's date into the test's own folder."""
        shutil.copytree(self.folder, settings.VAR_DIR, dirs_exist_ok=True)

    def put_back(self) -> None:
        """Make the database equal to the template, whatever was pressed since."""
        self._copy(self.template, self.name)
        self._use(self.name)

    def remove(self) -> None:
        self._use(self.tests)
        with _server() as run:
            # What all share goes with the server at the end of the run.
            for name in (self.name,) if self.shared else (self.name, self.template):
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


def folders(room: Path) -> dict[str, Path]:
    return {"VAR_DIR": room, "MEDIA_ROOT": room / "files", "PORTAL_DATE_FILE": room / "portal_date"}

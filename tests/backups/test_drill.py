"""A backup under load, the server killed, everything restored into an empty place: R28 and R31."""

import datetime as dt
import hashlib
import io
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.backups import checking, services
from miaoli_kaohsiung.backups.drill import try_restore
from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.backups.programs import BackupError, run
from miaoli_kaohsiung.backups.restoring import _settings, restored
from miaoli_kaohsiung.backups.streaming import stream
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock, postgres
from miaoli_kaohsiung.lib.postgres import PostgresServer
from tests.factories import money

MEMO = hashlib.sha256(b"memo").hexdigest()

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_server():
    """The portal of this test on a server of its own, with the rows that the test database has by then.

    Not in pytest's folder: every other run of pytest closes that to the server's user.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    server = PostgresServer(folder / "data", 60, fsync="off", summarize_wal="on")
    url = server.start()
    dump = folder / "dump.sql"
    settings = connections.settings["default"]
    run("pg_dump", "--no-owner", "--file", dump, settings["NAME"])
    connections["default"].close()
    before = settings["OPTIONS"]
    name = settings["NAME"]
    asked = psycopg2.connect(url)
    asked.autocommit = True
    asked.cursor().execute(f'CREATE DATABASE "{name}"')
    asked.close()
    settings["OPTIONS"] = {**before, "host": str(server.socket_dir)}
    run("psql", "--quiet", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", dump)
    yield server
    connections["default"].close()
    settings["OPTIONS"] = before
    server.stop()
    shutil.rmtree(folder)


class Load(threading.Thread):
    """Writes files and entries as fast as they go, until it is ended or until the server is gone."""

    def __init__(self):
        super().__init__()
        self.paused, self.ended, self.count = threading.Lock(), threading.Event(), 0
        self.wanted = threading.Condition()

    def run(self):
        try:
            while not self.ended.is_set():
                with self.paused:
                    self.write()
                with self.wanted:
                    self.count += 1
                    self.wanted.notify_all()
        except DatabaseError:
            pass
        finally:
            connections["default"].close()

    def write(self):
        actor = Actor.system("負載")
        with trail.unit_of_work(actor):
            kept = keep(f"第 {self.count} 份".encode(), "收據.pdf", content_type="application/pdf", actor=actor)
            trail.record(services.MADE, kept, after={"set": str(self.count)})

    def until(self, count):
        goal = self.count + count
        with self.wanted:
            assert self.wanted.wait_for(lambda: self.count >= goal or not self.is_alive(), timeout=60)
        assert self.count >= goal


@contextmanager
def streaming(folder):
    ended = threading.Event()
    failed = []

    def follow():
        try:
            stream(folder, lambda: not ended.wait(0.05))
        except BackupError as error:
            failed.append(error)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    assert failed == []


def backup(folder):
    said = io.StringIO()
    call_command("backup", folder.path, stdout=said)
    return said.getvalue()


def test_a_backup_under_load_brings_everything_back_to_the_second(own_server, tmp_path):
    money.approved()
    give_bytes()
    folder = Folder(tmp_path / "backups")
    assert "everything" in backup(folder)
    with streaming(folder):
        load = Load()
        load.start()
        load.until(20)
        assert f"what changed since {folder.all()[0].name}" in backup(folder)
        load.until(20)
        with load.paused:
            moment, rows = clock.now(), checking.rows()
            head = AuditHead.objects.get()
        load.until(20)
        connections["default"].close()
        own_server.process.kill()
        own_server.process.wait()
        load.join()
    own_server.start()

    earlier = try_restore(folder, moment)
    assert earlier.answer.problems == []
    assert (earlier.answer.rows, earlier.answer.head) == (rows, f"{head.seq}:{head.hash}")

    said = io.StringIO()
    call_command("restore_check", folder.path, stdout=said)
    tried = AuditEntry.objects.get(action=services.TRIED)
    assert (tried.after["problems"], tried.after["set"]) == ([], folder.all()[-1].name)
    assert float(tried.after["seconds_behind"]) <= 5
    assert "Trail, ledger and files hold." in said.getvalue()

    what_does_not_hold(folder, tmp_path)


def give_bytes():
    """The factories' files are rows alone."""
    for stored in StoredFile.objects.all():
        default_storage.save(stored.path, ContentFile(b"memo"))
    StoredFile.objects.update(sha256=MEMO, uploaded_at=clock.now() - dt.timedelta(hours=1))


def what_does_not_hold(folder, tmp_path):
    with (
        pytest.raises(BackupError, match="no backup of that time"),
        restored(folder, tmp_path / "a", clock.now().replace(year=2001)),
    ):
        pass
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letter").touch()
    with pytest.raises(BackupError, match="not empty"), restored(folder, tmp_path / "b"):
        pass
    folder.object(MEMO).unlink()
    next(folder.objects()).write_bytes(b"other bytes")
    with pytest.raises(CommandError) as found:
        call_command("restore_check", folder.path, stdout=io.StringIO())
    kinds = [line.split(":")[0] for line in str(found.value).splitlines()]
    assert kinds == ["stored file", "missing in the backup"]
    label = folder.database(folder.all()[0].name) / "PG_VERSION"
    label.write_text("17\n")
    with pytest.raises(CommandError, match="pg_verifybackup"):
        call_command("restore_check", folder.path, stdout=io.StringIO())
    assert "pg_verifybackup" in AuditEntry.objects.filter(action=services.TRIED).latest("seq").after["problem"]


def test_the_mark_of_a_server_that_still_runs_does_not_keep_the_restored_one_from_starting(own_server):
    copy = own_server.data.with_name("copy")
    subprocess.run(["cp", "-a", own_server.data, copy], check=True)
    (copy / "postmaster.pid").unlink()
    assert list(copy.glob(".s.PGSQL.*.lock"))
    server = PostgresServer(copy, fsync="off", **_settings(copy, None))
    (copy / "recovery.signal").unlink()
    server.start()
    server.stop()


def test_without_postgresqls_programs_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="pg_config"):
        postgres.programs()
    monkeypatch.setattr(postgres.shutil, "which", lambda name: "/usr/bin/pg_config")
    asked = subprocess.CompletedProcess([], 0, stdout="/usr/lib/postgresql/18/bin\n")
    monkeypatch.setattr(postgres.subprocess, "run", lambda *args, **kwargs: asked)
    assert str(postgres.programs()) == "/usr/lib/postgresql/18/bin"

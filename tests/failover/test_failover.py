"""The primary is killed again and again while somebody writes: another takes over, and nothing that was committed is lost.

FAILOVER_KILLS says how often, FAILOVER_MINUTES after how long no further kill begins. Every other kill takes Patroni too,
as when a host loses its power. A worker of the portal goes on by itself.
"""

import os
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
from django.conf import settings

from tests.jobs import workers

from .cluster import PASSWORD, Cluster, wait_for

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="an hour for a hundred kills: make soak")
KILLS = int(os.environ.get("FAILOVER_KILLS", "100"))
MINUTES = float(os.environ.get("FAILOVER_MINUTES", "120"))
LONGEST = 30
NOTICES = 1_000
WRITE = f"""
from datetime import date
from django.db import transaction
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.notices import services
with transaction.atomic():
    for number in range({NOTICES}):
        person, _made = User.objects.get_or_create(username=f"reader-{{number}}", email=f"reader-{{number}}@example.org")
        services.notify(person, "reminder.settlement.day", f"award:KILL:{{number}}", date(2010, 6, 1), "提醒", "請結報")
"""


class Writer(threading.Thread):
    """Writes one number after the other by the door of the portal, and keeps which were committed, and when."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.over = url, threading.Event()
        self.committed: dict[int, float] = {}

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            try:
                connection = psycopg2.connect(self.url)
                connection.autocommit = True
                with connection.cursor() as cursor:
                    while not self.over.is_set():
                        number += 1
                        cursor.execute("INSERT INTO written VALUES (%s)", [number])
                        self.committed[number] = time.monotonic()
                        self.over.wait(0.02)
            except psycopg2.Error:
                # Whether this number was committed is not known: it is not counted. The next one is.
                self.over.wait(0.2)

    def after(self, moment: float) -> float:
        """Return when the first number begun after the moment was committed; 0 while there is none."""
        last = next(reversed(self.committed.values()), 0.0)
        return next((at for at in self.committed.copy().values() if at > moment), 0.0) if last > moment else 0.0


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_another_database_takes_over_and_no_committed_write_is_lost(cluster):
    query(cluster.url, "CREATE TABLE written (number bigint PRIMARY KEY)")
    writer = Writer(cluster.url)
    writer.start()
    wait_for(lambda: writer.committed, "the first write")
    pauses: list[float] = []  # the even ones of a whole host, the odd ones of PostgreSQL alone
    end = time.monotonic() + MINUTES * 60
    while len(pauses) < KILLS and time.monotonic() < end:
        primary = cluster.primary()
        moment = time.monotonic()
        primary.kill(host=len(pauses) % 2 == 0)
        # A write that was under way may still have been answered within the first moment.
        again = wait_for(lambda since=moment + 0.5: writer.after(since), f"kill {len(pauses) + 1}")
        pauses.append(again - moment)
        cluster.start_again(primary)
        wait_for(cluster.all_in_step, "all three again", 300)
    writer.over.set()
    writer.join(60)
    there = {row[0] for row in query(cluster.url, "SELECT number FROM written")}
    lost = set(writer.committed) - there
    print(f"\n{len(pauses)} kills, {len(writer.committed):,} committed writes, {len(lost)} lost; writes go on after")
    for what, some in (("a host", sorted(pauses[::2])), ("PostgreSQL alone", sorted(pauses[1::2]))):
        if some:
            print(f"  {what}: {some[len(some) // 2]:.1f} s (median), {some[-1]:.1f} s (longest)")
    assert lost == set()
    assert max(pauses) <= LONGEST


@pytest.fixture
def environment(tmp_path, cluster):
    """That of a portal whose database is the cluster, by pgbouncer."""
    for name in ("broker/messages", "broker/control", "mail"):
        (tmp_path / "var" / name).mkdir(parents=True)
    url = f"postgres://portal:{PASSWORD}@127.0.0.1:{cluster.door}/portal".replace(" ", "%20")
    own = {"PORTAL_MODE": "trial", "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": url, "BROKER_URL": "filesystem://"}
    return os.environ | own | {"CACHE_URL": "locmemcache://", "LOG_LEVEL": "ERROR"}


def manage(environment, *words):
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True)


def test_the_worker_of_a_portal_goes_on_by_itself(cluster, environment, tmp_path):
    manage(environment, "migrate", "--noinput")
    mail, log = tmp_path / "var" / "mail", tmp_path / "var" / "worker.log"

    def sent():
        return [
            line for path in mail.iterdir() for line in path.read_text().splitlines() if line.startswith("Message-ID")
        ]

    with workers.worker(environment) as worker:
        beat = workers.beat(environment, "beat")
        try:
            for kill in (1, 2):
                done = (kill - 1) * NOTICES
                manage(environment, "shell", "--command", WRITE.replace("KILL", str(kill)))
                workers.wait_for(lambda some=done: len(sent()) >= some + 10, worker, log)
                primary = cluster.primary()
                primary.kill(host=kill == 1)
                moment, before = time.monotonic(), len(sent())
                assert before < done + NOTICES
                workers.wait_for(lambda whole=done + NOTICES: len(set(sent())) == whole, worker, log, LONGEST * 3)
                print(
                    f"\nkill {kill} after {before - done} mails: the last of {NOTICES} {time.monotonic() - moment:.1f} s later"
                )
                cluster.start_again(primary)
                wait_for(cluster.all_in_step, "all three again", 300)
            left = "SELECT count(*) FROM notices_notice WHERE email_state <> 'sent'"
            wait_for(lambda: query(cluster.url, left) == [(0,)], "every mail noted as sent")
        finally:
            workers.kill(beat)
    # What was out and not yet noted as sent when its database was killed goes out once more, with the same Message-ID.
    assert len(sent()) - 2 * NOTICES <= 2

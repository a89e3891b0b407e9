"""The primary is killed again and again while somebody writes: another takes over, and nothing that was committed is lost.

FAILOVER_KILLS says how often, FAILOVER_MINUTES after how long no further kill begins. Every other kill takes Patroni too,
as when a host loses its power.
"""

import os
import threading
import time

import psycopg2
import pytest

from .cluster import Cluster, wait_for

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="an hour for a hundred kills: make soak")
KILLS = int(os.environ.get("FAILOVER_KILLS", "100"))
MINUTES = float(os.environ.get("FAILOVER_MINUTES", "120"))
LONGEST = 30


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

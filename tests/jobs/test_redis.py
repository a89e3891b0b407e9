"""The long promises about a real broker (`make soak`): Redis stopped during a hundred approvals, and two beats with four
workers, killed at random.
"""

import datetime as dt
import itertools
import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery

from grants.models import Instalment
from grants.services.payments import instalments
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import DIGEST, EmailState, JobRun, Notice
from tests.factories import many
from tests.factories.money import approved, county, member

from .test_worker import mails
from .workers import WORKER, beat, kill, start, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.skipif(not os.environ.get("SOAK") or not shutil.which("redis-server"), reason="make soak, with Redis"),
]
APPROVALS, MOST_SECONDS = 100, 60
REMINDERS, KILLS, BEATS, WORKERS = 1_000, 20, 2, 4
DUE = dt.date(2010, 6, 1)


@contextmanager
def listening(socket: Path) -> Iterator[None]:
    """A Redis at a socket until the block ends, with nothing kept from before."""
    socket.unlink(missing_ok=True)
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(socket.parent)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while not socket.exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()
        socket.unlink(missing_ok=True)


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "redis.sock"


@pytest.fixture
def on_redis(environment, var, socket, monkeypatch) -> dict[str, str]:
    """The environment of processes that use this Redis, at which this process rings too."""
    url = f"redis+socket://{socket}"
    app = Celery(broker=url, set_as_current=False)
    app.conf.update(task_publish_retry=False, broker_connection_timeout=1)
    monkeypatch.setattr(services, "current_app", app)
    (var / "portal_date").write_text(clock.today().isoformat())
    return environment | {"BROKER_URL": url}


@contextmanager
def running(*makers: Callable[[], subprocess.Popen]) -> Iterator[list[subprocess.Popen]]:
    """These processes, killed at the end of the block."""
    found = [make() for make in makers]
    try:
        yield found
    finally:
        for process in found:
            kill(process)


def test_a_broker_down_during_a_hundred_approvals(on_redis, var, socket, monkeypatch):
    """R9: each approval and its payment succeed, and once the broker is back everybody is notified within a minute."""
    monkeypatch.setattr(services, "_silent_until", 0.0)
    staff, parts = county(), []
    for number in range(APPROVALS):
        award = approved(staff=staff)
        member(award)  # Reads at once that the money was paid.
        instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number=str(number))
        parts.append(award.instalments.get(number=1).pk)
    pending = Notice.objects.filter(email_state=EmailState.PENDING)
    schedule = ("beat", "--schedule", str(var / "beat"), "--pidfile", "")
    with running(lambda: start(on_redis, *WORKER), lambda: start(on_redis, *schedule)) as processes:
        with listening(socket):
            wait_for(lambda: not pending.exists(), processes[0], var / "worker.log")
        begun = time.monotonic()
        for number, pk in enumerate(parts):
            instalments.approve_payment(staff.head, Instalment.objects.get(pk=pk))
            paid = instalments.pay(staff.finance, Instalment.objects.get(pk=pk), voucher_number=str(number + 1))
            assert paid.status == "paid"
        took = time.monotonic() - begun
        waiting = pending.count()
        assert waiting >= APPROVALS
        with listening(socket):
            back = time.monotonic()
            wait_for(lambda: not pending.exists(), processes[0], var / "worker.log", 2 * MOST_SECONDS)
            seconds = time.monotonic() - back
    print(
        f"\n{APPROVALS} approvals without a broker in {took:.0f} s; {waiting} mails out {seconds:.0f} s after its return"
    )
    assert seconds < MOST_SECONDS
    assert Notice.objects.filter(email_state=EmailState.SENT).count() >= waiting


def mails_out() -> int:
    return Notice.objects.filter(kind=DIGEST, email_state=EmailState.SENT).count()


def kill_at_random(processes: list[subprocess.Popen], makers: list[Callable[[], subprocess.Popen]], wanted: int) -> int:
    """Kill one process after the other and start it anew; return how many before the last mail was out. The first kills fall
    into the daily work itself, the others into the sending.
    """
    draw, before = random.Random(99), 0
    for number in range(KILLS):
        mark, until = mails_out(), time.monotonic() + draw.uniform(1, 6)
        while time.monotonic() < until or (number >= KILLS // 2 and mails_out() - mark < wanted // KILLS):
            assert time.monotonic() < until + 300
            if mails_out() >= wanted:
                break
            time.sleep(0.05)
        place = draw.randrange(len(processes))
        kill(processes[place])
        before += mails_out() < wanted
        processes[place] = makers[place]()
    return before


def test_two_beats_and_four_workers_killed_at_random(on_redis, var, socket):
    """R7, R8: of a thousand reminders none is missing and none is there twice, whoever is killed, and when."""
    staff = county()
    many.awards(REMINDERS, staff, settlement_due=DUE, ends_on=dt.date(2010, 5, 1))
    member(staff.pattern)
    wanted, names = REMINDERS + 1, itertools.count()
    makers = [lambda: beat(on_redis, f"beat-{next(names)}")] * BEATS
    makers += [lambda: start(on_redis, *WORKER, name=f"worker-{next(names)}")] * WORKERS
    pending = Notice.objects.filter(email_state=EmailState.PENDING)
    with listening(socket), running(*makers) as processes:
        before = kill_at_random(processes, makers, wanted)
        over = lambda: mails_out() >= wanted and not pending.exists()  # noqa: E731
        wait_for(over, processes[0], var / "worker.log", 300)
    posted = Counter(mails(var))
    doubled = sum(posted.values()) - len(posted)
    print(f"\n{wanted} reminders, {KILLS} kills, {before} of them before the last was sent; {doubled} mails twice")
    reminders = Notice.objects.filter(kind="reminder.settlement.asked.day")
    sent = Notice.objects.filter(kind=DIGEST, email_state=EmailState.SENT)
    assert reminders.count() == reminders.values("recipient").distinct().count() == wanted
    assert sent.count() == sent.values("recipient").distinct().count() >= wanted
    assert set(posted) == set(Notice.objects.filter(email_state=EmailState.SENT).values_list("message_id", flat=True))
    assert doubled <= KILLS
    assert JobRun.objects.filter(job="grants.daily").count() == 1

"""Reminders through a real worker on a real broker: what a kill, a lost message or a broker that is down cannot undo."""

import email
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from celery import Celery

from grants.services import daily
from grants.services.payments import instalments
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import DIGEST, EmailState, Notice
from tests.factories.accounts import UserFactory
from tests.factories.money import approved, county, member

from .workers import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
# `make soak` tries the whole figure of the promise, and Redis as well.
SOAK = bool(os.environ.get("SOAK"))
NOTICES, KILLS = (500, 20) if SOAK else (60, 2)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test, at a socket in its folder."""
    socket = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    yield f"redis+socket://{socket}"
    process.terminate()
    process.wait()


@pytest.fixture
def bell(monkeypatch, ringing: Celery) -> Celery:
    monkeypatch.setattr(services, "current_app", ringing)
    return ringing


def mails(var: Path) -> list[str]:
    """The Message-ID of each mail written so far. The file backend separates the mails of one connection by a rule."""
    parts = [part for path in (var / "mail").iterdir() for part in path.read_text().split("-" * 79)]
    found = [email.message_from_string(part.strip(), policy=policy.default)["Message-ID"] for part in parts]
    return [str(name) for name in found if name]


def kill_and_count(environment: dict[str, str], var: Path, bell: Celery) -> None:
    for number in range(NOTICES):
        services.notify(UserFactory(), "reminder.settlement.day", f"award:{number}", clock.today(), "提醒", "請結報")
    log = var / "worker.log"
    for point in range(NOTICES // (KILLS + 1) // 2, NOTICES * KILLS // (KILLS + 1), NOTICES // (KILLS + 1)):
        with worker(environment) as process:
            wait_for(lambda reached=point: len(mails(var)) >= reached, process, log)
        bell.send_task(services.DELIVER)
    with worker(environment) as process:
        wait_for(lambda: not Notice.objects.filter(email_state=EmailState.PENDING).exists(), process, log)
    assert Notice.objects.filter(email_state=EmailState.SENT).count() == NOTICES
    sent = Counter(mails(var))
    assert set(sent) == set(Notice.objects.values_list("message_id", flat=True))
    assert sum(sent.values()) - NOTICES <= KILLS


def test_a_worker_killed_at_its_work_loses_none_and_doubles_no_row(environment, var, bell):
    """R8: every reminder goes out, and a mail is doubled at most once a kill, with the same Message-ID."""
    kill_and_count(environment, var, bell)


if SOAK and shutil.which("redis-server"):

    def test_the_same_with_redis(environment, var, redis, monkeypatch):
        app = Celery(broker=redis, set_as_current=False)
        monkeypatch.setattr(services, "current_app", app)
        kill_and_count(environment | {"BROKER_URL": redis}, var, app)


def test_the_daily_jobs_through_a_worker(environment, var, bell):
    """The task of the schedule, by its name, on the date of the file; and the bell that its notices ring."""
    award = approved((50_000,), staff=county(), settlement_due=clock.today())
    member(award)
    (var / "portal_date").write_text(clock.today().isoformat())
    bell.send_task("grants.daily")
    bell.send_task("grants.daily")
    with worker(environment) as process:
        wait_for(lambda: len(mails(var)) >= 1, process, var / "worker.log")
    mail = Notice.objects.get(kind=DIGEST)
    (notice,) = Notice.objects.exclude(kind=DIGEST)
    assert (notice.kind, notice.email_state, notice.digest) == (
        "reminder.settlement.asked.day",
        EmailState.DIGESTED,
        mail,
    )
    assert mails(var) == [mail.message_id]


def test_without_a_broker_all_goes_on_and_the_outbox_drains_later(monkeypatch):
    """R9: a broker that refuses connections, then a sweep."""
    app = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.update(task_publish_retry=False, broker_connection_timeout=1)
    monkeypatch.setattr(services, "current_app", app)
    staff = county()
    for number in range(10):
        award = approved(staff=staff)
        member(award)  # Reads at once that the money was paid.
        first = award.instalments.get(number=1)
        instalments.request_payment(staff.officer, first, receipt_number="1")
        instalments.approve_payment(staff.head, first)
        assert instalments.pay(staff.finance, first, voucher_number=str(number + 1)).status == "paid"
    daily.run(clock.today())
    waiting = Notice.objects.filter(email_state=EmailState.PENDING).count()
    assert waiting > 0
    assert services.deliver_pending() == waiting
    # What an office had to do is done: its queued mail is not needed any more.
    over = (EmailState.SENT, EmailState.DIGESTED, EmailState.NOT_NEEDED)
    assert not Notice.objects.exclude(email_state__in=over).exists()

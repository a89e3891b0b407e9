from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection, transaction

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import jobs, services
from miaoli_kaohsiung.notices.models import EmailState, JobRun, Notice
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def in_parallel(work, count: int) -> list:
    """The answers of `count` threads that start `work` together, each on its own connection."""
    barrier = Barrier(count, timeout=120)

    def run(_number: int):
        try:
            barrier.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_parallel_drains_deliver_each_once():
    people = UserFactory.create_batch(5)
    for person in people:
        for number in range(10):
            services.notify(person, "receipt", f"award:{number}", clock.today(), f"{person.pk}-{number}", "內容")
    answers = in_parallel(services.deliver_pending, 4)
    assert sum(answers) == 50
    assert Counter(Counter(sent.subject for sent in mail.outbox).values()) == {1: 50}
    assert Notice.objects.filter(email_state=EmailState.SENT, attempts=1).count() == 50


def test_a_row_that_a_drain_holds_is_passed_over():
    person = UserFactory()
    held = services.notify(person, "receipt", "award:1", clock.today(), "甲", "內容")
    services.notify(person, "receipt", "award:2", clock.today(), "乙", "內容")
    with transaction.atomic():
        Notice.objects.select_for_update(no_key=True).get(pk=held.pk)
        assert in_parallel(services.deliver_pending, 1) == [1]
    assert [sent.subject for sent in mail.outbox] == ["乙"]


def test_told_in_parallel_is_told_once():
    person = UserFactory()
    rows = in_parallel(lambda: services.notify(person, "receipt", "award:1", clock.today(), "主旨", "內容").pk, 8)
    assert len(set(rows)) == 1
    assert Notice.objects.count() == 1


def test_one_of_many_does_a_period():
    def work() -> bool:
        with jobs.alone("daily"):
            begun = jobs.begin("daily", "2010-06-01")
            if begun:
                jobs.finish("daily", "2010-06-01")
            return begun

    assert sorted(in_parallel(work, 8)) == [False] * 7 + [True]
    assert JobRun.objects.count() == 1


def test_the_run_of_a_killed_process_is_taken_up_at_once():
    """Its connection ends without a word: whoever waits has the job, and begins what was not finished."""

    def killed() -> bool:
        with jobs.alone("daily"):
            connection.close()
            return jobs.begin("daily", "2010-06-01")

    def next_one() -> bool:
        with jobs.alone("daily"):
            return jobs.begin("daily", "2010-06-01")

    assert in_parallel(killed, 1) == [True]
    assert in_parallel(next_one, 1) == [True]

"""Many connections write the one chain at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection, transaction

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.audit.verify import verify
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

SAVE = actions.register("test.save", "儲存")
WRITERS, UNITS = 8, 25


def in_parallel(work) -> None:
    """Run `work(number, barrier)` in WRITERS threads, each with its own connection; any exception fails the test."""
    barrier = Barrier(WRITERS, timeout=120)

    def run(number: int) -> None:
        try:
            work(number, barrier)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(run, range(WRITERS)))
    close_old_connections()


def test_eight_writers_leave_one_unbroken_chain():
    people = UserFactory.create_batch(WRITERS)

    def work(number: int, barrier: Barrier) -> None:
        person = people[number]
        barrier.wait()
        for unit in range(UNITS):
            with trail.unit_of_work(Actor(person)):
                trail.record(SAVE, person, case=f"{number}-{unit}")

    in_parallel(work)
    report = verify()
    assert (report.entries, report.problem) == (WRITERS * UNITS, "")
    assert AuditEntry.objects.values("case").distinct().count() == WRITERS * UNITS


def test_writers_that_lock_the_actor_and_each_other_s_rows_do_not_deadlock():
    """Row locks are waited for before the chain's lock is taken, those of deferred foreign keys too."""
    person = UserFactory()

    def work(number: int, barrier: Barrier) -> None:
        barrier.wait()
        for unit in range(10):
            with trail.unit_of_work(Actor(person)):
                if number % 2:
                    User.objects.select_for_update().get(pk=person.pk)
                else:
                    person.posts.create(role="administrator", valid_from="2010-01-01", office=f"{number}-{unit}")
                trail.record(SAVE, person)

    in_parallel(work)
    report = verify()
    assert (report.entries, report.problem) == (WRITERS * 10, "")


def test_rolled_back_units_leave_no_gap():
    person = UserFactory()

    def work(number: int, barrier: Barrier) -> None:
        barrier.wait()
        for unit in range(10):
            with transaction.atomic():
                with trail.unit_of_work(Actor(person)):
                    trail.record(SAVE, person)
                transaction.set_rollback(unit % 2 == 0)

    in_parallel(work)
    report = verify()
    assert (report.entries, report.problem) == (WRITERS * 5, "")

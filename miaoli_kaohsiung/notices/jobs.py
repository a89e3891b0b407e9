"""Periodic jobs that run once a period, although beat may start them twice and a worker may be killed.

    with jobs.alone(JOB):
        if jobs.begin(JOB, period):
            …
            jobs.finish(JOB, period)

The work between may be many transactions: a run that was killed is begun again at once, and does what is missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import QuerySet

from miaoli_kaohsiung.lib import clock

from .models import JobRun

# Any number, as long as no other advisory lock takes the same first key.
JOB_LOCK = 88_120


@contextmanager
def alone(job: str) -> Iterator[None]:
    """Wait until nobody else is at the job, and keep others waiting until the block ends. The lock belongs to the connection,
    so one whose process is killed is free at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [JOB_LOCK, job])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [JOB_LOCK, job])


def begin(job: str, period: str) -> bool:
    """Note that the period's work begins, and return whether there is any: not once it is finished. Call it `alone`."""
    row, _new = JobRun.objects.get_or_create(job=job, period=period, defaults={"claimed_at": clock.now()})
    return row.finished_at is None


def finish(job: str, period: str, result: str = "") -> None:
    """Note that the period is done, with its result."""
    _run(job, period).update(finished_at=clock.now(), result=result)


def last_before(job: str, period: str) -> str:
    """Return the last finished period before this one, of a job whose periods are days; "" if there is none."""
    rows = JobRun.objects.filter(job=job, period__lt=period, finished_at__isnull=False)
    return rows.order_by("-period").values_list("period", flat=True).first() or ""


def _run(job: str, period: str) -> QuerySet[JobRun]:
    return JobRun.objects.filter(job=job, period=period)

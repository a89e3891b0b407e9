"""Periodic jobs that run once a period, although beat may start them twice and a worker may be killed."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import QuerySet

from miaoli_kaohsiung.lib import clock

from .models import JobRun

# Longer than any job may take (CELERY_TASK_TIME_LIMIT); a run that has not finished by then was killed.
_STALE = timedelta(minutes=30)


def claim(job: str, period: str) -> bool:
    """Return True for exactly one caller of each (job, period), and for one more if that run was killed. Safe in
    parallel.

    Claim, work, `finish`. If it is called in the transaction that does the work, failing work undoes the claim.
    """
    token, now = uuid4(), clock.now()
    JobRun.objects.bulk_create([JobRun(job=job, period=period, token=token, claimed_at=now)], ignore_conflicts=True)
    if _run(job, period).filter(token=token).exists():
        return True
    stale = _run(job, period).filter(finished_at=None, claimed_at__lt=now - _STALE)
    return bool(stale.update(token=token, claimed_at=now))


def finish(job: str, period: str, result: str = "") -> None:
    """Note that the period is done, with its result."""
    _run(job, period).update(finished_at=clock.now(), result=result)


def last_before(job: str, period: str) -> str:
    """Return the last finished period before this one, of a job whose periods are days; "" if there is none."""
    rows = JobRun.objects.filter(job=job, period__lt=period, finished_at__isnull=False)
    return rows.order_by("-period").values_list("period", flat=True).first() or ""


def _run(job: str, period: str) -> QuerySet[JobRun]:
    return JobRun.objects.filter(job=job, period=period)

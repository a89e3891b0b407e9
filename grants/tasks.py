"""Thin tasks: each calls the same service as a command does, and can run twice."""

from celery import shared_task

from grants.services import daily
from grants.services.letters import print_runs
from grants.services.settlements import readings
from miaoli_kaohsiung.lib import clock


@shared_task(name="grants.daily")
def run_daily() -> dict[str, int] | None:
    """Run the daily jobs for the portal's today."""
    return daily.run(clock.today())


@shared_task(name=print_runs.PRINT_TASK)
def print_letters() -> int:
    """Make the waiting print files; the sweep starts this if no request did."""
    return print_runs.print_pending()


@shared_task(name=readings.READ_TASK)
def read_receipts() -> int:
    """Read the print on photos that wait; its queue has a worker only where a reader is installed."""
    return readings.read_waiting()

"""Thin: each task calls the service that a command calls as well, and can run twice."""

from celery import shared_task

from grants.services import daily
from grants.services.letters import print_runs
from miaoli_kaohsiung.lib import clock


@shared_task(name="grants.daily")
def run_daily() -> dict[str, int] | None:
    """The jobs of the portal's today."""
    return daily.run(clock.today())


@shared_task(name=print_runs.PRINT_TASK)
def print_letters() -> int:
    """Make the print files that wait; the sweep rings for what no bell rang for."""
    return print_runs.print_pending()

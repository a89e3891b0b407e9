"""Thin: each task calls the service that a command calls as well, and can run twice."""

from celery import shared_task

from grants.services import daily, letters
from miaoli_kaohsiung.lib import clock


@shared_task(name="grants.daily")
def run_daily() -> dict[str, int] | None:
    """The jobs of the portal's today."""
    return daily.run(clock.today())


@shared_task(name=letters.PRINT_TASK)
def print_letters() -> int:
    """Make the print files that wait; the sweep rings for what no bell rang for."""
    return letters.print_pending()

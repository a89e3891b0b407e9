from celery import shared_task
from celery.schedules import crontab

from . import services

BEAT = {"files-sweep": {"task": "files.sweep", "schedule": crontab(hour=3, minute=40)}}


@shared_task(name="files.sweep")
def sweep() -> int:
    """Remove bytes that no row points to."""
    return services.sweep_orphans()

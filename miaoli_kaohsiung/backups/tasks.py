from celery import shared_task
from django.conf import settings

from . import services


@shared_task(name="backups.watch")
def watch() -> int:
    """Notify the administrators when backups are overdue; only a portal in production must have some."""
    return services.alarm() if settings.PRODUCTION else 0

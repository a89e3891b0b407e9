from celery import shared_task
from celery.schedules import crontab

from . import services

BEAT = {"audit-seal": {"task": "audit.seal", "schedule": crontab(hour=23, minute=50)}}


@shared_task(name="audit.seal")
def seal() -> str:
    """Seal the day's trail."""
    return str(services.seal_audit())

from celery import shared_task

from . import services


@shared_task(name="audit.seal")
def seal() -> str:
    """Seal the day's trail."""
    return str(services.seal_audit())

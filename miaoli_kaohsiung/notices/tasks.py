from celery import shared_task

from . import services


@shared_task(name=services.DELIVER)
def deliver_notices() -> int:
    """Drain the outbox."""
    return services.deliver_pending()

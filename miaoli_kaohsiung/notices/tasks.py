from celery import shared_task

from . import deliveries, services


@shared_task(name=services.DELIVER)
def deliver_notices() -> int:
    """Drain the outbox: mails, then texts by SMS and LINE."""
    return services.deliver_pending() + deliveries.deliver()

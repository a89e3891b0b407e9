from celery import shared_task

from . import services

# The sweep finds what no bell rang for: a broker that was down, mail that waits for its next attempt.
BEAT = {"notices-sweep": {"task": services.DELIVER, "schedule": 30.0, "options": {"expires": 25}}}


@shared_task(name=services.DELIVER)
def deliver_notices() -> int:
    """Drain the outbox."""
    return services.deliver_pending()

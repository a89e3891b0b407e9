from celery import shared_task

from . import services


@shared_task(name="files.sweep")
def sweep() -> int:
    """Remove bytes that no row points to."""
    return services.sweep_orphans()

from celery import shared_task

from . import services, temporary


@shared_task(name="files.sweep")
def sweep() -> int:
    """Remove files whose form was never sent, bytes that no row points to, and what killed workers left behind."""
    services.sweep_held()
    return services.sweep_orphans() + temporary.sweep()

from celery import shared_task

from . import scanning, services, temporary


@shared_task(name="files.sweep")
def sweep() -> int:
    """Remove files whose form was never sent, temporary folders, and bytes that no row points to; return how many of
    these.
    """
    services.sweep_held()
    temporary.sweep()
    return services.sweep_orphans()


@shared_task(name="files.scan")
def scan() -> int:
    """Ask the scanner of viruses again for the files that wait for it."""
    return scanning.scan_waiting()

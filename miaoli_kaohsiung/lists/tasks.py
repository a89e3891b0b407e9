from celery import shared_task

from .bulk import services


@shared_task(name=services.TASK)
def do_bulk_rows() -> int:
    """Do the waiting rows of confirmed runs; the sweep starts this if no request did."""
    return services.work_pending()

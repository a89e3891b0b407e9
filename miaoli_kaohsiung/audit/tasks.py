from celery import shared_task

from . import attesting, services


@shared_task(name="audit.seal")
def seal() -> str:
    """Seal the day's trail."""
    return str(services.seal_audit())


@shared_task(name="audit.attest")
def attest() -> int:
    """Have the daily marks stamped and kept by a witness, where that is configured."""
    return attesting.attest()

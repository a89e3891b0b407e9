from celery import shared_task

from . import line, sign_ins, sweeping


@shared_task(name="accounts.record_failures")
def record_failures() -> int:
    """Write failed sign-ins into the trail, one entry a minute and account."""
    return sign_ins.record_failures()


@shared_task(name="accounts.sweep")
def sweep() -> dict[str, int]:
    """Delete ended sessions and notices read long ago."""
    return sweeping.sweep()


@shared_task(name=line.ANSWER)
def answer_line() -> int:
    """Answer what people wrote in LINE."""
    return line.answer()

"""The database is the queue, and a Celery message is only a bell: it wakes a worker that drains rows.

So every task takes no arguments or only ids, can run twice, and is also started by the schedule below, which finds what
no message announced.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, setup_logging
from django.core.exceptions import ImproperlyConfigured
from django_structlog.celery.steps import DjangoStructLogInitStep

from miaoli_kaohsiung.lib.production import refuse_the_owner, refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
# Django's checks belong to `manage.py check`: in a worker they bring in every page and WeasyPrint, 60 MB of each process.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

app = Celery("miaoli_kaohsiung")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)

# Name → {"task": …, "schedule": …}. Results are kept in the job's own rows, so a message that nobody took is dropped.
SCHEDULE: dict[str, dict[str, object]] = {
    # Started every hour from six, so that a message lost at six is repeated at seven; the job's claim limits it to once a day.
    "grants-daily": {"task": "grants.daily", "schedule": crontab(hour="6-22", minute=0)},
    "notices": {"task": "notices.deliver", "schedule": 30.0, "options": {"expires": 25}},
    "line": {"task": "accounts.answer_line", "schedule": 30.0, "options": {"expires": 25}},
    "lists-bulk": {"task": "lists.bulk", "schedule": 30.0, "options": {"expires": 25}},
    "letters-print": {"task": "grants.print_letters", "schedule": 30.0, "options": {"expires": 25}},
    "sign-in-failures": {"task": "accounts.record_failures", "schedule": 60.0, "options": {"expires": 50}},
    "accounts-sweep": {"task": "accounts.sweep", "schedule": crontab(hour=3, minute=20)},
    "audit-seal": {"task": "audit.seal", "schedule": crontab(hour=23, minute=50)},
    # Five minutes after the seal, and every hour in case authority or witness were out of reach.
    "audit-attest": {"task": "audit.attest", "schedule": crontab(minute=55)},
    "backups-watch": {"task": "backups.watch", "schedule": crontab(hour=8, minute=10)},
    "files-scan": {"task": "files.scan", "schedule": 60.0, "options": {"expires": 50}},
    "files-sweep": {"task": "files.sweep", "schedule": crontab(hour=3, minute=40)},
}

app.conf.beat_schedule = SCHEDULE


@celeryd_init.connect
@beat_init.connect
def use_only_what_is_fit_for_it(**kwargs: object) -> None:
    """Stop an unfit configuration by SystemExit, because Celery passes over errors in here."""
    try:
        refuse_to_start()
        refuse_the_owner()
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from refusal


@setup_logging.connect
def use_settings_logging(**kwargs: object) -> None:
    """Keep Celery from replacing the handlers of settings.LOGGING."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)

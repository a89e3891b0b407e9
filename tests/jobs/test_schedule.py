"""The schedule names tasks that are there, and each job that must be rung is in it."""

import subprocess
import sys

from celery import current_app
from django.conf import settings

from miaoli_kaohsiung.celery import SCHEDULE


def test_every_scheduled_task_is_known():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(current_app.tasks)


def test_what_must_not_be_forgotten():
    rung = {entry["task"]: entry["schedule"] for entry in SCHEDULE.values()}
    assert {"grants.daily", "notices.deliver", "audit.seal"} <= set(rung)
    assert rung["notices.deliver"] == 30.0
    assert rung["grants.daily"].hour == set(range(6, 23))


def test_whoever_starts_django_rings_the_portals_bell():
    """Web server and commands import no Celery of their own; a nameless app would ring into the void."""
    code = "import django; django.setup(); from celery import current_app; print(current_app.main, current_app.conf.broker_url)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["miaoli_kaohsiung", settings.CELERY_BROKER_URL]

"""The schedule names tasks that are there, and each job that must be rung is in it."""

from celery import current_app

from miaoli_kaohsiung.celery import SCHEDULE


def test_every_scheduled_task_is_known():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(current_app.tasks)


def test_what_must_not_be_forgotten():
    rung = {entry["task"]: entry["schedule"] for entry in SCHEDULE.values()}
    assert {"grants.daily", "notices.deliver", "audit.seal"} <= set(rung)
    assert rung["notices.deliver"] == 30.0
    assert rung["grants.daily"].hour == set(range(6, 23))

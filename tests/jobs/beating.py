"""The portal with a schedule for tests: what is rung daily or twice a minute rings all the time, from as many beats as
are started.
"""

from miaoli_kaohsiung.celery import app

app.conf.beat_schedule = {
    "daily": {"task": "grants.daily", "schedule": 2.0},
    "notices": {"task": "notices.deliver", "schedule": 1.0},
}

"""The daily jobs as one: called by the Celery task, by `manage.py run_daily` and by the demonstration's date bar."""

import datetime as dt

from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.notices import jobs

from . import deadlines

JOB = "grants.daily"


def run(day: dt.date) -> dict[str, int] | None:
    """Do the day's work, once a day; answers what came of it, None when the day is done already.

    `day` is the portal's today. Claim and work are one transaction: a worker that is killed gives the day back. Days
    that nobody ran are made up for by the next run, see `reminders`.
    """
    period = day.isoformat()
    with trail.unit_of_work(Actor.system(_("每日工作"))):
        if not jobs.claim(JOB, period):
            return None
        done = {
            "instalments": deadlines.generate_instalments(),
            "deadlines": deadlines.plan(day),
            "closed": deadlines.close_moot(day),
            "reminders": deadlines.remind(day),
        }
        jobs.finish(JOB, period, ", ".join(f"{name} {count}" for name, count in done.items()))
        return done

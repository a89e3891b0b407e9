"""All daily jobs as one: called by the Celery task, by `manage.py run_daily` and by the demonstration's date bar.

The day's work is many units of work, one after the other: each job is one, and a job about every award is one for each
piece of them (`trail.in_pieces`), so that a run holds no more entries of the trail, and no more rows, than a piece has. Each
finds what is missing by itself. So a run that is killed leaves whole pieces, and the next one, of the same day or a later
one, does the rest.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.services import account_requests, volunteers
from communities.services.alliances import agreement
from communities.services.registry_import import imports
from communities.services.training import courses
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices import jobs
from miaoli_kaohsiung.notices.services import make_digests

from . import notices
from .audit import reconciling
from .calendar import closures, years
from .desk import following, unheld
from .duties import records, reminders
from .guidance.reminders import VISITS
from .letters import settling
from .panels import interests, reminding
from .payments import sums
from .reminders import deadlines, engine, letters
from .settlements import national_ids
from .treasury import paid_files

JOB = "grants.daily"
# What a higher room does each day, by its name in the counts: it registers here when its app is ready.
AFTERWARDS: dict[str, Callable[[dt.date], int]] = {}
# The jobs that divide themselves into units of work.
IN_PIECES = {"instalments", "deadlines", "duties", "interests", "reminders", "returns", "urging", "moot", "mails"}
# The kinds of things that people are reminded of.
SOURCES = (deadlines.SOURCE, reminders.SOURCE, VISITS, reminding.SOURCE)


def run(day: dt.date, *, checks: bool = True) -> dict[str, int] | None:
    """Do the day's work, once a day. Returns this run's counts by job, or None when the day's work was done already.

    `day` is the portal's today. Without `checks`, what looks through everything for work of nobody and for sums that do
    not agree is left for another day. A run that failed or was killed is taken up by the next; one makes up for days that
    nobody ran, see `reminders`.
    """
    period, done = day.isoformat(), {}
    with jobs.alone(JOB):
        if not jobs.begin(JOB, period):
            return None
        for name, job in _jobs(day, last_run(day), checks=checks).items():
            with nullcontext() if name in IN_PIECES else trail.unit_of_work(Actor.daily()):
                done[name] = job()
        jobs.finish(JOB, period, ", ".join(f"{name} {count}" for name, count in done.items()))
    return done


def _jobs(day: dt.date, since: dt.date, *, checks: bool) -> dict[str, Callable[[], int]]:
    """Return the day's jobs in their order. `since` is the last day whose work was done."""
    return {
        "instalments": deadlines.generate_instalments,
        "deadlines": lambda: deadlines.plan(day),
        "closed": lambda: deadlines.close_moot(day, since),
        "duties": lambda: records.plan(day),
        "interests": interests.look_everywhere,
        "closures": lambda: closures.catch_up(day),
        "calendars": lambda: years.ask(day),
        "reminders": lambda: engine.remind(SOURCES, day),
        "followed": lambda: following.follow(day, since),
        "unheld": lambda: unheld.check(day) if checks else 0,
        "returns": settling.catch_up,
        "urging": lambda: letters.draft(day),
        "moot": letters.drop_moot,
        "sums": sums.fold,
        "differences": lambda: reconciling.alarm() if checks else 0,
        "seals": lambda: send_seal(day, since),
        "over": lambda: engine.close_ended(SOURCES),
        "mails": lambda: make_digests(day),
        "requests": lambda: account_requests.forget(day),
        "courses": lambda: courses.remind(day),
        "insurance": lambda: volunteers.remind_of_insurance(day),
        "alliances": lambda: agreement.end_over(day),
        "lists": lambda: imports.forget(day),
        "payments": lambda: paid_files.forget(day),
        "numbers": lambda: national_ids.forget(day),
    } | {name: partial(job, day) for name, job in AFTERWARDS.items()}


def last_run(day: dt.date) -> dt.date:
    """Return the last day before this one whose work was done; the day before if there is none."""
    found = jobs.last_before(JOB, day.isoformat())
    return dt.date.fromisoformat(found) if found else day - dt.timedelta(days=1)


def send_seal(day: dt.date, since: dt.date) -> int:
    """Send every auditor the newest seal from before `day`, once, with those of the days since the run before. Returns how
    many auditors should have it.

    A mail that was delivered cannot be changed with the database, so the trail can be compared with it later.
    """
    seal = AuditSeal.objects.filter(day__lt=day).order_by("-day").first()
    if seal is None:
        return 0
    subject = _("每日封存值：%(day)s") % {"day": format_roc(seal.day)}
    body = _(
        "%(day)s的稽核紀錄到第 %(seq)d 筆，封存值是：\n\n%(hash)s\n\n請留存這一則通知。日後「每日封存值」頁上的值"
        "和這裡不同，就表示紀錄被改過。"
    ) % {"day": format_roc(seal.day), "seq": seal.seq, "hash": seal.hash}
    for earlier in AuditSeal.objects.filter(day__gte=since, day__lt=seal.day).order_by("-day"):
        body += "\n" + _("%(day)s：到第 %(seq)d 筆，%(hash)s") % {
            "day": format_roc(earlier.day),
            "seq": earlier.seq,
            "hash": earlier.hash,
        }
    key, words = f"seal:{seal.day.isoformat()}", notices.Words(subject, body, reverse("grants:audit_seals"))
    return notices.send(holders_of(Role.AUDITOR), "audit.seal", key, words, due_on=seal.day, at_once=False)

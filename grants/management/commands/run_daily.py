"""`manage.py run_daily`: what Celery does at six in the morning, for a server without Celery or after a missed day."""

from typing import Any

from django.core.management.base import BaseCommand

from grants.services import daily
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc


class Command(BaseCommand):
    help = "Runs the daily jobs (instalments, deadlines, reminders) of the portal's date, once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        day = clock.today()
        done = daily.run(day)
        if done is None:
            self.stdout.write(f"{format_roc(day)}: done already.")
            return
        self.stdout.write(f"{format_roc(day)}: " + ", ".join(f"{name} {count}" for name, count in done.items()))

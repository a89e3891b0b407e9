"""`manage.py retry_mails`: send mails that failed for good again, after the mail server has been repaired."""

from typing import Any

from django.core.management.base import BaseCommand

from miaoli_kaohsiung.accounts import services


class Command(BaseCommand):
    help = "Puts mails that failed for good back into the outbox; recorded in the trail."

    def handle(self, *args: Any, **options: Any) -> None:
        count = services.retry_mails()
        self.stdout.write(f"{count} mails will be sent again." if count else "No mail had failed for good.")

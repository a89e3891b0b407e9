from typing import Any

from django.core.management.base import BaseCommand

from communities.services.organisations import load_townships
from grants.services.schemes.sync import sync


class Command(BaseCommand):
    help = "Bring the townships and the filed schemes, their programmes and envelopes into the database. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        load_townships()
        for scheme in sync():
            self.stdout.write(f"{scheme.slug}: {scheme.programmes.count()} programmes")

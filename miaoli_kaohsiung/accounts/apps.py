from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "miaoli_kaohsiung.accounts"
    label = "accounts"
    verbose_name = "帳號"

    def ready(self) -> None:
        from miaoli_kaohsiung.lib import checks, production  # noqa: F401 -- registers system checks

        from . import actions, clients, infected, sign_ins  # noqa: F401 -- the trail's words, the address in the log, …

        post_migrate.connect(_file_counties, sender=self)


def _file_counties(**kwargs: Any) -> None:
    from . import counties

    counties.load_filed()

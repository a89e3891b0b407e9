from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "miaoli_kaohsiung.accounts"
    label = "accounts"
    verbose_name = "帳號"

    def ready(self) -> None:
        from miaoli_kaohsiung.lib import checks, production  # noqa: F401 -- registers system checks

        from . import actions, clients  # noqa: F401 -- register the words of the trail and what the log tells of a client

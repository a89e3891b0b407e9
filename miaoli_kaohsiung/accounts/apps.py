from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "miaoli_kaohsiung.accounts"
    label = "accounts"
    verbose_name = "帳號"

    def ready(self) -> None:
        from miaoli_kaohsiung.lib import checks, production  # noqa: F401 -- registers system checks

        from . import actions, clients, sign_ins  # noqa: F401 -- words of the trail, the address in the log, sign-ins

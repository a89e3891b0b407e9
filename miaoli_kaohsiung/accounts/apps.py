from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "miaoli_kaohsiung.accounts"
    label = "accounts"
    verbose_name = "帳號"

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "miaoli_kaohsiung.privacy"
    verbose_name = "個人資料"

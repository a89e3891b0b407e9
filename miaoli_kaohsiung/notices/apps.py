from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "miaoli_kaohsiung.notices"
    verbose_name = "通知"

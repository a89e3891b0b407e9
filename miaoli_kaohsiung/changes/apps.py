from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "miaoli_kaohsiung.changes"
    verbose_name = "縣府資料的變更"

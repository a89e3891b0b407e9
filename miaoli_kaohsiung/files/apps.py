from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "miaoli_kaohsiung.files"
    verbose_name = "檔案"

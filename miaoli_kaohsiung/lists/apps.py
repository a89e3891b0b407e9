from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "miaoli_kaohsiung.lists"
    verbose_name = "清單"

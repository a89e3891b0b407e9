from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "miaoli_kaohsiung.audit"
    verbose_name = "稽核軌跡"

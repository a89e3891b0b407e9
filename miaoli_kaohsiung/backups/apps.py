from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    name = "miaoli_kaohsiung.backups"
    label = "backups"
    verbose_name = _("備份")

    def ready(self) -> None:
        from . import services  # noqa: F401 -- registers the words of the trail

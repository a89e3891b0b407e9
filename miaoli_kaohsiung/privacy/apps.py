from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "miaoli_kaohsiung.privacy"
    verbose_name = "個人資料"

    def ready(self) -> None:
        from grants.services import daily

        from . import services  # makes the kind of its changes known

        daily.AFTERWARDS["disposal"] = services.draw_up

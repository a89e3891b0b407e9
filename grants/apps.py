from django.apps import AppConfig, apps

from miaoli_kaohsiung.lib.lines import keep_lines

# The portal's own rooms; Django's tables are Django's. Not the trail: its text is hashed as it was recorded, and a label
# that were trimmed on its way into the table would no longer equal its hash.
ROOMS = ("accounts", "files", "notices", "communities", "grants", "evaluation")


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "補助"

    def ready(self) -> None:
        for room in ROOMS:
            keep_lines(apps.get_app_config(room).get_models())

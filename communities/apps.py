from django.apps import AppConfig

from miaoli_kaohsiung.accounts import offices


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = "社區"

    def ready(self) -> None:
        from . import actions  # noqa: F401 -- registers the words of the trail
        from .places import KEPT
        from .services import chair_changes, numbers, record_changes, recoveries  # noqa: F401 -- as below
        from .services.counties import openings, particulars, townships  # noqa: F401 -- registers the kinds of changes
        from .services.merging import people, proposals  # noqa: F401 -- as above

        offices.register(lambda code, day: KEPT.get().on(code, day))
